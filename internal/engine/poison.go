package engine

import (
	"slices"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/queue"
)

// refused deals with a batch whose content the service refused. One event is
// the culprit, most of the time: the batch is halved until that one stands
// alone, and all others are delivered. Where halves follow from each other the
// second is not tried: if the first was stored, the culprit is in the second.
func (o *owner) refused(s *send, kind deliver.Kind, err error) {
	s.part()
	if o.refit(s, err) {
		return
	}
	if s.batch.Len() == 1 {
		o.unshorten(s)
		o.settle(s, ledger.Rejected, ledger.Invalid, err)
		return
	}
	if kind == deliver.TooLarge {
		o.mostBytes = min(o.mostBytes, max(formerEventBytes+cwl.EventOverhead, s.batch.Bytes()/2))
		o.limits.Bytes = min(o.limits.Bytes, o.mostBytes)
	}
	earlier, later := o.halve(s)
	o.reclaim(s.batch)
	if kind == deliver.Invalid {
		earlier.twin, later.after, later.cause = later, earlier, err
	}
}

// part is the end of a pair of which s is the earlier half: whether the culprit is in
// the later one cannot be told any more.
func (s *send) part() {
	if later := s.twin; later != nil {
		s.twin, later.after = nil, nil
	}
}

// halve puts two sends in the place of one.
func (o *owner) halve(s *send) (earlier, later *send) {
	s.part()
	x, y := s.batch.Halve(func() batch.Memory { return o.memoryFor(s.stream) })
	halves := o.replace(s, x, y)
	return halves[0], halves[1]
}

// replace puts sends of these batches, which have the events of s between them, in
// its place.
func (o *owner) replace(s *send, batches ...*batch.Batch) []*send {
	var parts []*send
	for _, b := range batches {
		n := &send{batch: b, stream: s.stream, cost: batchCost(b), lost: s.lost, failed: s.failed, onDisk: s.onDisk}
		for _, t := range s.tickets {
			t.add(n)
		}
		parts = append(parts, n)
	}
	i := slices.Index(s.stream.unsettled, s)
	s.stream.unsettled = slices.Replace(s.stream.unsettled, i, i+1, parts...)
	o.waiting = slices.Insert(o.waiting, 0, parts...)
	if s.failed {
		o.outage.sends += len(parts) - 1
	}
	for _, t := range s.tickets {
		t.left--
	}
	return parts
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
	s.part()
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
