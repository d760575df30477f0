package engine

import (
	"slices"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/ledger"
)

// finish takes the result of a send.
func (o *owner) finish(r result) {
	delete(o.flying, r.send)
	if r.err != nil {
		o.failed(r)
	} else {
		o.succeeded(r)
	}
	o.take(len(o.tickets) > 0) // there may be room for more
	o.readDisk()
}

func (o *owner) succeeded(r result) {
	o.ledger.Sent(r.body, r.wire)
	o.window.answered(r.took)
	o.pace.delivered()
	o.reached(r.send)
	o.backlog = o.backlog && (o.breaker.failures > 0 || o.queue.Filled())
	o.learn(r.send)
	o.quick(r.send, r.took)
	o.heed(r.answer.EntityErr)
	o.delivered(r.send, r.answer)
	o.inferred(r.send)
}

// reached notes that the service works: it has taken a send, or refused what is
// in it.
func (o *owner) reached(s *send) {
	if s.stream.barred {
		o.admit(s.stream)
	}
	// A send that was under way when another failed says nothing about now.
	if s.failures == o.breaker.failures {
		o.breaker = breaker{blocked: o.breaker.blocked}
	}
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
		o.unshorten(s)
		o.waiting = append(o.waiting, s)
		return
	}
	o.failure = &SendError{Kind: f.Kind.String(), Err: r.err}
	o.report.failure(o.failure)
	if f.Kind == deliver.Invalid || f.Kind == deliver.TooLarge {
		o.reached(s)
		o.refused(s, f.Kind, r.err)
		return
	}
	o.backOff(s, f)
	// To the end of the line: what keeps one stream from being written must
	// not keep the others. Order within the stream is blocked's business.
	if !o.slow(s, f.Slow) {
		o.waiting = append(o.waiting, s)
		o.bar(s, f.Kind)
	}
	o.excuse()
	o.hasten()
}

// backOff makes all wait, for as long as the failure of s wants.
func (o *owner) backOff(s *send, f deliver.Failure) {
	if o.breaker.throttled = f.Kind == deliver.Throttled; o.breaker.throttled {
		o.window.throttled(len(o.flying))
		if !f.Creating {
			o.pace.throttled()
		}
		o.breaker.fail(o.now, f.RetryAfter, backOffThrottled)
	} else {
		o.window.collapsed()
		o.breaker.fail(o.now, f.RetryAfter, backOffMost)
	}
	if !s.failed {
		s.failed = true
		o.outage.begin(o.now)
	}
	o.outage.failures++
	o.backlog = true
	if o.breaker.failures > restFailures {
		o.queue.Rest()
	}
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
	all := s.batch.Entries
	o.account(s, o.restamp(s, all[:old]), ledger.Rejected, ledger.TooOld, nil)
	o.account(s, all[old:expired], ledger.Rejected, ledger.Expired, nil)
	o.account(s, all[expired:fresh], ledger.Delivered, "", nil)
	o.account(s, o.restamp(s, all[fresh:]), ledger.Rejected, ledger.TooNew, nil)
	o.retire(s)
}

// restamp sends entries again with the time of now, if that is wanted. It
// returns those for which it is no remedy.
func (o *owner) restamp(s *send, entries []batch.Entry) []batch.Entry {
	if !o.cfg.Restamp {
		return entries
	}
	var left []batch.Entry
	for i := range entries {
		e := s.batch.Event(&entries[i])
		if e.Again {
			left = append(left, entries[i])
			continue
		}
		o.again(o.cfg.Rewrite.Restamp(&e, o.now), s)
	}
	return left
}

// settle gives all events of a batch the same outcome.
func (o *owner) settle(s *send, out ledger.Outcome, reason string, cause error) {
	o.account(s, s.batch.Entries, out, reason, cause)
	o.retire(s)
}

// retire ends a send: its room, its memory, and the waits for it. Who waits
// goes on waiting for events that are sent again.
func (o *owner) retire(s *send) {
	st := s.stream
	i := slices.Index(st.unsettled, s)
	st.unsettled = slices.Delete(st.unsettled, i, i+1)
	o.held -= batchCost(s.batch)
	o.streams.settled()
	o.reclaim(s.batch)
	o.queue.Release(s.cost)
	if s.failed {
		o.outage.sends--
	}
	o.recovered()
	for _, t := range s.tickets {
		t.left--
		t.check()
	}
}

// recovered tells that delivery works again, when all that has failed is settled and
// the service has answered since: what was given up for its age is no such sign.
func (o *owner) recovered() {
	g := &o.outage
	if g.failures == 0 || g.sends > 0 || o.breaker.failures > 0 || o.ctx.Err() != nil {
		return
	}
	o.report.failure(&RecoveredError{Group: o.cfg.Settings.Group, Failures: g.failures, Outage: o.now.Sub(g.since)})
	*g, o.failure = outage{}, nil
}
