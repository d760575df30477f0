package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/spool"
	"github.com/watchtower-go/watchtower/internal/term"
)

const (
	// drainPoll is how often the ledger is looked at.
	drainPoll = 50 * time.Millisecond
	// drainStall is how long it may stand still before the spool is counted
	// again: another process may have taken a part of it.
	drainStall = 2 * time.Second
	// drainClose bounds the end of a delivery that was given up: a request
	// under way may still be answered, all else stays on disk.
	drainClose = 500 * time.Millisecond
)

// deliver has the library adopt what is in the spool, and waits until all of
// the expected records are settled. An error says why that came to an end
// before; then the ledger tells how far it got.
func (d *spoolDrainCmd) deliver(ctx context.Context, con *console, c *connection, left leftover) (watchtower.Stats, error) {
	wait, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	trouble := &trouble{cancel: cancel}
	h, err := watchtower.New(wait, d.Group, &watchtower.Options{
		Client:           c.Client,
		SpoolDir:         d.Dir,
		NoCreateLogGroup: !d.Create,
		Restamp:          d.TooOld == "restamp",
		FlushInterval:    200 * time.Millisecond, // nothing more is coming
		OnError:          trouble.tell,
	})
	if err != nil {
		return watchtower.Stats{}, explainSpool(err, d.Dir)
	}
	done := d.await(wait, con, h, trouble, left, spoolOwner(c.region, d.Group))
	end, endCancel := context.WithTimeout(context.WithoutCancel(ctx), drainClose)
	defer endCancel()
	_ = h.Close(end) // says what the ledger does
	stats := h.Stats()
	switch {
	case done || settled(stats) >= left.records && stats.Own >= left.own:
		return stats, nil
	case ctx.Err() != nil:
		return stats, errInterrupted
	}
	return stats, trouble.explain(ctx, c, d)
}

func settled(s watchtower.Stats) int64 { return s.Delivered + s.Rejected + s.Dropped }

// await shows how far the delivery is until nothing is left, which it reports,
// or there is no use in waiting, or ctx ends.
func (d *spoolDrainCmd) await(ctx context.Context, con *console, h *watchtower.Handler, t *trouble, left leftover, owner string) bool {
	progress := con.err.Progress("record")
	defer progress.Clear()
	tick := time.NewTicker(drainPoll)
	defer tick.Stop()
	moved, before := time.Now(), int64(0)
	for {
		s := h.Stats()
		n := settled(s)
		switch {
		case s.Recovered >= left.records && n >= s.Recovered && s.Own >= left.own:
			return true
		case n+s.Recovered+s.Own != before:
			moved, before = time.Now(), n+s.Recovered+s.Own
		case time.Since(moved) > drainStall:
			if n >= s.Recovered && t.blocked() {
				return false
			}
			if infos, err := spool.List(d.Dir); err == nil {
				_, infos = foreign(infos, owner)
				left = countLeft(infos)
				left.records += s.Recovered
				left.own += s.Own
			}
			moved = time.Now()
		}
		note := fmt.Sprintf("of %s", term.Count(left.records))
		if last := t.last(); last != "" {
			note += ", trying again: " + last
		}
		progress.Show(n, note)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

// A trouble hears of failures during a drain. It ends the wait at one that
// waiting does not mend.
type trouble struct {
	cancel context.CancelFunc

	mu   sync.Mutex
	send *watchtower.SendError // the first; nil once delivery works again
	disk error                 // why a part of the spool was not taken over
}

// hopeless are the kinds of failures that somebody has to do
// something about. The library itself would wait for that.
var hopeless = []string{
	watchtower.KindDenied, watchtower.KindExpired, watchtower.KindNoCredentials, watchtower.KindMissing,
	watchtower.KindUnreachable, watchtower.KindNameNotFound,
}

// tell is an Options.OnError. Losses are in the ledger.
func (t *trouble) tell(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := err.(type) {
	case *watchtower.DropError:
	case *watchtower.RecoveredError:
		t.send = nil
	case *watchtower.SendError:
		if t.send == nil || slices.Contains(hopeless, e.Kind) {
			t.send = e
		}
		if slices.Contains(hopeless, e.Kind) {
			t.cancel()
		}
	default:
		t.disk = err
	}
}

// blocked reports whether the spool itself is what the delivery waits for.
func (t *trouble) blocked() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.disk != nil
}

// last names the failure that the delivery waits for.
func (t *trouble) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.send == nil {
		return ""
	}
	return t.send.Kind
}

// explain says why a drain was given up.
func (t *trouble) explain(ctx context.Context, c *connection, d *spoolDrainCmd) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.send == nil && t.disk != nil:
		return explainSpool(t.disk, d.Dir)
	case t.send == nil:
		return withHints(fmt.Errorf("not done after %v", d.Timeout), "give it more time, as in: --timeout 1h")
	case t.send.Kind != "missing" || d.Create:
		return c.explain(t.send.Err, fmt.Sprintf("log group %q", d.Group))
	}
	err := c.missingGroup(ctx, new(types.ResourceNotFoundException), d.Group)
	if h, ok := errors.AsType[*hinted](err); ok {
		return withHints(h.error, append(h.hints, "to have it created: --create")...)
	}
	return err
}

// printLedger prints what became of the records of a drain.
func printLedger(con *console, s watchtower.Stats) error {
	table := &term.Table{Indent: 2, Right: []int{1}}
	row := func(name string, n int64, always bool) {
		if always || n > 0 {
			table.Row(name, term.Count(n))
		}
	}
	row("taken over", s.Recovered, true)
	row("delivered", s.Delivered, true)
	row("rejected", s.Rejected, false)
	row("dropped", s.Dropped, false)
	for _, reason := range slices.Sorted(maps.Keys(s.Reasons)) {
		row("  "+reason, s.Reasons[reason], true)
	}
	row("left", s.Recovered-settled(s), true)
	row("possible duplicates", s.PossibleDuplicates, false)
	_, err := table.WriteTo(con.out)
	return err
}
