package engine

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/ledger"
)

// A breaker keeps sends back while the service fails. All streams share it: it
// is the group that fails, or the way to it.
type breaker struct {
	failures int       // in a row
	until    time.Time // no send before
}

// An outage is what there is to tell of failures that heal: it lasts as long as
// a send that has failed is not settled, so that one stream which stays broken
// beside others that work is not told as a recovery over and over.
type outage struct {
	failures int
	since    time.Time // of the first
	sends    int       // unsettled sends that have failed
}

// Bounds of the wait between attempts. It doubles with every failure; the wait
// is drawn between nothing and that (full jitter), so that a fleet that failed
// together does not come back together.
const (
	backOffFirst = 200 * time.Millisecond
	backOffMost  = time.Minute
)

// fail notes a failure and draws how long to wait.
func (b *breaker) fail(now time.Time, atLeast time.Duration) {
	bound := min(backOffMost, backOffFirst<<min(b.failures, 10))
	b.failures++
	b.until = now.Add(max(atLeast, rand.N(bound)))
}

// begin notes the first failure of a send.
func (g *outage) begin(now time.Time) {
	if g.sends == 0 {
		g.since = now
	}
	g.sends++
}

// end notes that a send which has failed is settled. It reports whether it was
// the last.
func (g *outage) end() bool {
	g.sends--
	return g.sends == 0
}

// finish takes the result of a send.
func (o *owner) finish(r result) {
	delete(o.flying, r.send)
	if r.err != nil {
		o.failed(r)
		return
	}
	o.ledger.Sent(r.body, r.wire)
	// A send that was under way when another failed says nothing about now.
	if r.send.failures == o.breaker.failures {
		o.breaker = breaker{}
	}
	o.delivered(r.send, r.answer)
}

// failed decides what a failure means for the batch: it waits for its next
// attempt, unless its content was refused.
func (o *owner) failed(r result) {
	s, f := r.send, deliver.Classify(r.err)
	duplicates := 0
	if f.Lost && !s.lost {
		s.lost = true
		duplicates = s.batch.Len()
	}
	o.ledger.Failed(duplicates)
	if o.ctx.Err() != nil { // our own doing
		o.waiting = append(o.waiting, s)
		return
	}
	o.report.failure(&SendError{Kind: f.Kind.String(), Err: r.err})
	if f.Kind == deliver.Invalid || f.Kind == deliver.TooLarge {
		o.settle(s, ledger.Rejected, ledger.Invalid, r.err)
		return
	}
	o.breaker.fail(o.now, f.RetryAfter)
	if !s.failed {
		s.failed = true
		o.outage.begin(o.now)
	}
	o.outage.failures++
	// To the end of the line: what keeps one stream from being written must
	// not keep the others. Order within the stream is blocked's business.
	o.waiting = append(o.waiting, s)
}

// delivered settles a batch that the service answered. What it refused are a
// run of the oldest events and a run of the newest.
func (o *owner) delivered(s *send, a deliver.Answer) {
	n := s.batch.Len()
	old, expired, fresh := max(a.TooOldEnd, 0), max(a.ExpiredEnd, 0), n
	if a.TooNewStart >= 0 {
		fresh = a.TooNewStart
	}
	old = min(old, n)
	expired = min(max(expired, old), n)
	fresh = max(min(fresh, n), expired)
	o.account(s, 0, old, ledger.Rejected, ledger.TooOld, nil)
	o.account(s, old, expired, ledger.Rejected, ledger.Expired, nil)
	o.account(s, expired, fresh, ledger.Delivered, "", nil)
	o.account(s, fresh, n, ledger.Rejected, ledger.TooNew, nil)
	o.release(s)
}

// settle gives all events of a batch the same outcome.
func (o *owner) settle(s *send, out ledger.Outcome, reason string, cause error) {
	o.account(s, 0, s.batch.Len(), out, reason, cause)
	o.release(s)
}

// account settles the events from one index to another, and tells of a loss.
func (o *owner) account(s *send, from, to int, out ledger.Outcome, reason string, cause error) {
	if from >= to {
		return
	}
	var sum ledger.Sum
	for _, e := range s.batch.Entries[from:to] {
		sum.Add(e.Time, e.Size, e.Parts)
	}
	n := o.ledger.Settle(out, reason, &sum)
	if out != ledger.Delivered {
		o.report.loss(Loss{Reason: reason, Records: n, Bytes: sum.Bytes, First: sum.First, Last: sum.Last, Err: cause})
	}
}

// release ends a settled send: its room, its memory, and the waits for it.
func (o *owner) release(s *send) {
	st := s.stream
	i := slices.Index(st.unsettled, s)
	st.unsettled = slices.Delete(st.unsettled, i, i+1)
	o.reclaim(s.batch)
	o.queue.Release(s.cost)
	if s.failed && o.outage.end() && o.ctx.Err() == nil {
		o.report.failure(&RecoveredError{Group: o.cfg.Settings.Group, Failures: o.outage.failures, Outage: o.now.Sub(o.outage.since)})
		o.outage = outage{}
	}
	for _, t := range s.tickets {
		if t.left--; t.left == 0 {
			close(t.done)
		}
	}
}
