package watchtower

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// A loss of a kind that was told is summed up, and told again a minute later,
// then after two minutes more, four, and so on up to an hour.
const (
	sumFirst = time.Minute
	sumMost  = time.Hour
)

// console is the default OnError: it writes each distinct failure once to
// standard error, and its recovery. Losses it writes at once when they begin, and
// while they go on ever more seldom, with how many there are in all.
type console struct {
	w io.Writer

	mu     sync.Mutex
	told   map[string]bool  // failures written since the last recovery
	losses map[string]*lost // by reason
}

// lost is the losses for one reason.
type lost struct {
	DropError // all of them
	since     time.Time
	last      time.Time // when one was added
	untold    bool      // some are not written
	pause     time.Duration
	timer     *time.Timer // writes the sum when the pause is over
}

func newConsole() *console {
	return &console{w: os.Stderr, told: make(map[string]bool), losses: make(map[string]*lost)}
}

func (c *console) tell(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d, ok := err.(*DropError); ok {
		c.lose(d)
		return
	}
	if _, ok := errors.AsType[*RecoveredError](err); ok {
		c.sumUp()
		clear(c.told)
	} else if key := distinct(err); c.told[key] {
		return
	} else {
		c.told[key] = true
	}
	fmt.Fprintf(c.w, "watchtower: %v\n", err)
}

// lose writes a loss, or adds it to those before.
func (c *console) lose(d *DropError) {
	now := time.Now()
	l := c.losses[d.Reason]
	if l == nil || !l.untold && now.Sub(l.last) > sumMost {
		l = &lost{DropError: *d, since: now, last: now, pause: sumFirst}
		c.losses[d.Reason] = l
		l.timer = time.AfterFunc(l.pause, func() { c.due(l) })
		fmt.Fprintf(c.w, "watchtower: %v\n", c.short(d))
		return
	}
	l.Events, l.Bytes = l.Events+d.Events, l.Bytes+d.Bytes
	if l.First.IsZero() || !d.First.IsZero() && d.First.Before(l.First) {
		l.First = d.First
	}
	if d.Last.After(l.Last) {
		l.Last = d.Last
	}
	l.Err, l.last, l.untold = d.Err, now, true
	if l.timer == nil { // the pause is over
		c.write(l)
	}
}

// short returns d with no more of its cause than the kind if that is a failure that
// is written already.
func (c *console) short(d *DropError) *DropError {
	s, ok := errors.AsType[*SendError](d.Err)
	if !ok || !c.told[distinct(s)] {
		return d
	}
	short := *d
	short.Err = errors.New(s.Kind)
	return &short
}

// due ends a pause.
func (c *console) due(l *lost) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.timer = nil
	if l.untold {
		c.write(l)
	}
}

// write writes a sum, and begins a pause.
func (c *console) write(l *lost) {
	l.untold = false
	fmt.Fprintf(c.w, "watchtower: since %s in all: %v\n", l.since.UTC().Format(time.RFC3339), c.short(&l.DropError))
	if l.timer == nil {
		l.pause = min(2*l.pause, sumMost)
		l.timer = time.AfterFunc(l.pause, func() { c.due(l) })
	}
}

// sumUp writes all sums that have grown since they were written.
func (c *console) sumUp() {
	for _, l := range c.losses {
		if l.untold {
			c.write(l)
		}
	}
}

// close writes what the pauses held back: most programs end now.
func (c *console) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sumUp()
}

// distinct is what makes a failure another one: request numbers, times and
// counts don't.
func distinct(err error) string {
	if s, ok := errors.AsType[*SendError](err); ok {
		return "send " + s.Kind
	}
	if s, ok := errors.AsType[*SpoolError](err); ok {
		return "spool " + s.Err.Error()
	}
	if _, ok := errors.AsType[*PendingError](err); ok {
		return "pending"
	}
	return err.Error()
}
