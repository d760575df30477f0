package engine

import (
	"fmt"
	"slices"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
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

// refit shortens the events of a refused batch that are longer than a limit that
// other endpoints have, in their place, and reports whether there were any. What
// teaches the limit is a single long event that is refused, and stored when it is
// short: one that is poison is refused either way.
func (o *owner) refit(s *send, err error) bool {
	limit, trial := o.eventLimit, false
	if limit == 0 && s.batch.Len() == 1 && s.whole == nil {
		limit, trial = formerEventBytes, true
	}
	long := func(e batch.Entry) bool { return e.Size > limit && !e.Again }
	if limit == 0 || !slices.ContainsFunc(s.batch.Entries, long) {
		return false
	}
	b := batch.New(o.target, s.batch.Stream, o.limits, o.memoryFor(s.stream))
	for i := range s.batch.Entries {
		e := s.batch.Event(&s.batch.Entries[i])
		if long(s.batch.Entries[i]) {
			e = o.cfg.Rewrite.Shorten(&e, limit)
			e.Again = true
		}
		b.Add(&e, s.batch.Born)
	}
	b.Seal()
	short := o.replace(s, b)[0]
	o.held += batchCost(b)
	o.queue.Charge(batchCost(b))
	if trial {
		short.whole, short.cause = s.batch, err
		return true
	}
	o.letGo(s.batch)
	return true
}

// letGo gives back the room of a batch in whose place another one is.
func (o *owner) letGo(b *batch.Batch) {
	cost := batchCost(b)
	o.held -= cost
	o.queue.Release(cost)
	o.reclaim(b)
}

// learn draws the conclusion of a stored event that was refused when it was longer.
func (o *owner) learn(s *send) {
	if s.whole == nil {
		return
	}
	o.letGo(s.whole)
	s.whole = nil
	if o.eventLimit == 0 {
		o.eventLimit = formerEventBytes
		o.report.failure(&LimitError{Bytes: o.eventLimit, Err: s.cause})
	}
}

// unshorten gives a send its event as it was, to be settled or saved.
func (o *owner) unshorten(s *send) {
	if s.whole == nil {
		return
	}
	o.letGo(s.batch)
	s.batch, s.cost = s.whole, batchCost(s.whole)
	s.whole = nil
}

// endTrials is the end of all trials that are not under way.
func (o *owner) endTrials() {
	for _, s := range o.waiting {
		o.unshorten(s)
	}
}
