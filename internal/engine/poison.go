package engine

import (
	"fmt"
	"slices"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/queue"
)

// formerEventBytes was the service's limit for an event until 2025; endpoints
// and servers that still have it are around.
const formerEventBytes = 256<<10 - cwl.EventOverhead

// A LimitError tells that an endpoint takes less than the service documents,
// and that longer messages are shortened from now on.
type LimitError struct {
	Bytes int // that a message may have
	Err   error
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("the endpoint refuses large events: messages are shortened to %d bytes from now on: %v", e.Bytes, e.Err)
}

// Unwrap returns the refusal.
func (e *LimitError) Unwrap() error { return e.Err }

// refused deals with a batch whose content the service refused. One event is
// the culprit, most of the time: the batch is halved until that one stands
// alone, and all others are delivered. Where halves follow from each other the
// second is not tried: if the first was stored, the culprit is in the second.
func (o *owner) refused(s *send, kind deliver.Kind, err error) {
	if t := s.twin; t != nil { // the earlier half: nothing is known of the later
		t.after, s.twin = nil, nil
	}
	if o.refit(s, err) {
		return
	}
	if s.batch.Len() == 1 {
		o.settle(s, ledger.Rejected, ledger.Invalid, err)
		return
	}
	if kind == deliver.TooLarge {
		o.limits.Bytes = min(o.limits.Bytes, max(formerEventBytes+cwl.EventOverhead, s.batch.Bytes()/2))
	}
	earlier, later := o.halve(s)
	if kind == deliver.Invalid {
		earlier.twin, later.after, later.cause = later, earlier, err
	}
}

// halve puts two sends in the place of one.
func (o *owner) halve(s *send) (earlier, later *send) {
	x, y := s.batch.Halve(o.memory)
	earlier, later = o.half(s, x), o.half(s, y)
	i := slices.Index(s.stream.unsettled, s)
	s.stream.unsettled = slices.Replace(s.stream.unsettled, i, i+1, earlier, later)
	o.waiting = slices.Insert(o.waiting, 0, earlier, later)
	if s.failed {
		o.outage.sends++ // two take the place of one
	}
	for _, t := range s.tickets {
		t.left--
	}
	o.reclaim(s.batch)
	return earlier, later
}

// half is a send of a part of what another had.
func (o *owner) half(s *send, b *batch.Batch) *send {
	n := &send{batch: b, stream: s.stream, lost: s.lost, failed: s.failed, onDisk: s.onDisk}
	n.cost = batchCost(b)
	for _, t := range s.tickets {
		t.add(n)
	}
	return n
}

// inferred draws the conclusion of a stored earlier half: the culprit is in the
// later one, which is halved without being tried. A single event is tried
// nevertheless. The refusal may have been a mistake that is over, and none is
// given up for that.
func (o *owner) inferred(s *send) {
	later := s.twin
	if later == nil {
		return
	}
	s.twin, later.after = nil, nil
	if later.batch.Len() == 1 {
		return
	}
	i := slices.Index(o.waiting, later)
	if i < 0 {
		return // saved or dropped by now: the time of Close is up
	}
	o.waiting = slices.Delete(o.waiting, i, i+1)
	o.refused(later, deliver.Invalid, later.cause)
}

// refit shortens the events of a refused batch that are longer than a limit
// that other endpoints have, and sends them again. It reports whether there
// were any. A single long event that is refused is what teaches the limit.
func (o *owner) refit(s *send, err error) bool {
	if o.eventLimit == 0 && s.batch.Len() == 1 && s.batch.Entries[0].Size > formerEventBytes {
		o.eventLimit = formerEventBytes
		o.report.failure(&LimitError{Bytes: o.eventLimit, Err: err})
	}
	long := func(e batch.Entry) bool { return e.Size > o.eventLimit && !e.Again }
	if o.eventLimit == 0 || !slices.ContainsFunc(s.batch.Entries, long) {
		return false
	}
	for i := range s.batch.Entries {
		e := s.batch.Event(&s.batch.Entries[i])
		if e.Size > o.eventLimit {
			e = o.cfg.Rewrite.Shorten(&e, o.eventLimit)
		}
		o.again(e, s)
	}
	o.retire(s)
	return true
}

// again puts an event that was not stored into a batch anew. It is charged as
// what it is now; release gives back what it was.
func (o *owner) again(e cwl.Event, s *send) {
	e.Again = true
	if !s.resent {
		s.resent = true
		for _, t := range s.tickets {
			o.follow(t) // now: adding may seal a batch that is full
		}
	}
	o.queue.Charge(queue.Cost(&e))
	o.add(&e, s.batch.Born)
}
