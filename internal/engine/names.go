package engine

import (
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/ledger"
)

// Names completes the names of log streams, and events, parts of which become known
// only after New. Events wait in the queue for that: nothing is sent and nothing
// written to disk before Ready, unless Close gives up earlier.
type Names struct {
	// Ready is closed, in a few seconds at most, when names can be completed.
	Ready <-chan struct{}
	// Complete returns the whole name; before Ready, what is known of it. It is
	// called from many goroutines, and leaves whole names as they are.
	Complete func(stream string) string
	// CompleteEvent, if not nil, completes an event and reports whether it was not
	// whole; the fragment has memory of its own then. It is called like Complete.
	CompleteEvent func(e *cwl.Event) bool

	mu    sync.Mutex
	known map[string]string
}

// maxNames bounds the names that are remembered.
const maxNames = 2048

// ready reports whether names can be completed.
func (n *Names) ready() bool {
	select {
	case <-n.Ready:
		return true
	default:
		return false
	}
}

// of returns the whole name. It is made once: one string for each stream.
func (n *Names) of(stream string) string {
	if !n.ready() {
		return n.Complete(stream)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	name, ok := n.known[stream]
	if !ok {
		if n.known == nil || len(n.known) >= maxNames {
			n.known = make(map[string]string)
		}
		name = n.Complete(stream)
		n.known[stream] = name
	}
	return name
}

// named returns the whole name of a log stream.
func (e *Engine) named(stream string) string {
	if e.cfg.Names == nil {
		return stream
	}
	return e.cfg.Names.of(stream)
}

// nameEvents completes events and the names that they have. It returns by how much
// their fragments have grown.
func (e *Engine) nameEvents(events []cwl.Event) (grown int) {
	if e.cfg.Names == nil {
		return 0
	}
	for i := range events {
		events[i].Stream = e.cfg.Names.of(events[i].Stream)
		grown += e.completeEvent(&events[i])
	}
	return grown
}

// completeEvent completes an event, and returns by how much its fragment has grown.
func (e *Engine) completeEvent(ev *cwl.Event) (grown int) {
	if e.cfg.Names == nil || e.cfg.Names.CompleteEvent == nil {
		return 0
	}
	was := len(ev.Fragment)
	if !e.cfg.Names.CompleteEvent(ev) {
		return 0
	}
	return len(ev.Fragment) - was
}

// awaitNames waits until names can be completed, and reports false if the queue
// is closed before: the caller's record came too late.
func (e *Engine) awaitNames() bool {
	if e.cfg.Names == nil {
		return true
	}
	select {
	case <-e.cfg.Names.Ready:
		return true
	default:
	}
	select {
	case <-e.cfg.Names.Ready:
		return true
	case <-e.queue.Closed():
		return false
	}
}

// untilNamed waits until names can be completed, and reports false if Close
// gives up before. Those who flush or hand over a record wait for the owner
// meanwhile.
func (o *owner) untilNamed() bool {
	if o.cfg.Names == nil {
		return true
	}
	defer func() { o.now = time.Now() }()
	select {
	case <-o.cfg.Names.Ready:
		return true
	case <-o.ctx.Done():
		return false
	}
}

// nameCounts completes the names that were noted by those who log: what is lost
// at once may be so before its stream is known.
func (e *Engine) nameCounts(c *ledger.Counts) {
	if e.cfg.Names == nil || c.Streams == nil {
		return
	}
	streams := make(map[string]ledger.Stream, len(c.Streams))
	for stream, s := range c.Streams {
		stream = e.cfg.Names.of(stream)
		t := streams[stream]
		t.Delivered, t.Lost, t.Bytes = t.Delivered+s.Delivered, t.Lost+s.Lost, t.Bytes+s.Bytes
		if s.Last.After(t.Last) {
			t.Last = s.Last
		}
		streams[stream] = t
	}
	c.Streams = streams
}

// nameGaps does the same for gaps.
func (e *Engine) nameGaps(all map[string]*gap) map[string]*gap {
	if e.cfg.Names == nil {
		return all
	}
	whole := make(map[string]*gap, len(all))
	for stream, g := range all {
		stream = e.cfg.Names.of(stream)
		if h := whole[stream]; h != nil {
			h.merge(g)
		} else {
			whole[stream] = g
		}
	}
	return whole
}

// merge adds another gap of the same stream.
func (g *gap) merge(h *gap) {
	g.events += h.events
	for level, n := range h.levels {
		g.levels[level] += n
	}
	for reason, n := range h.reasons {
		g.reasons[reason] += n
	}
	g.first, g.last = min(g.first, h.first), max(g.last, h.last)
}
