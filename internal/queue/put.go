package queue

import (
	"context"
	"log/slog"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// Put copies the events of one record into the queue, all or none. It returns
// ErrFull, ErrClosed, or the cause of ctx; with Block it waits until there is
// room, the time-out, ctx or Close. An urgent put makes the owner deliver at
// once.
//
// With DropOldest and DropLowestLevel it returns the chunks that had to make
// room, also beside an error. They are the caller's: it accounts for their
// events and gives them to Recycle.
func (q *Queue) Put(ctx context.Context, events []cwl.Event, urgent bool) (evicted []*Chunk, err error) {
	cost, size := measure(events)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, ErrClosed
	}
	if bound := q.bound(&events[0]); len(q.waiting) == 0 && q.used+cost <= bound {
		q.used += cost
	} else if evicted, err = q.makeRoom(ctx, &events[0], cost, bound); err != nil {
		return evicted, err
	}
	q.insert(events, cost, size, urgent)
	return evicted, nil
}

// Offer is Put for those who have another place for the record: where there is
// no room it returns ErrFull at once, whatever the policy.
func (q *Queue) Offer(events []cwl.Event, urgent bool) error {
	cost, size := measure(events)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrClosed
	}
	if len(q.waiting) > 0 || q.used+cost > q.bound(&events[0]) {
		return ErrFull
	}
	q.used += cost
	q.insert(events, cost, size, urgent)
	return nil
}

// measure returns what events take of the bound, and the length of their
// fragments.
func measure(events []cwl.Event) (cost, size int) {
	for i := range events {
		cost += Cost(&events[i])
		size += len(events[i].Fragment)
	}
	return cost, size
}

// insert copies events for which room is charged.
func (q *Queue) insert(events []cwl.Event, cost, size int, urgent bool) {
	q.inLane[q.lane(events[0].Level)] += cost
	c := q.room(&events[0], size)
	for i := range events {
		q.seq++
		if e := &events[i]; !c.fits(e) {
			c.grow(q.newBlock(c, len(e.Fragment)))
		}
		c.add(&events[i], q.seq)
	}
	q.urgent = q.urgent || urgent
	if q.idle || urgent {
		q.idle = false
		q.signal()
	}
}

// bound is how much may be used for e to be taken.
func (q *Queue) bound(e *cwl.Event) int {
	if e.Level >= slog.LevelError {
		return q.cfg.Bytes
	}
	return q.cfg.Bytes - q.cfg.Reserve
}

// makeRoom charges cost as the policy has it, or returns an error.
func (q *Queue) makeRoom(ctx context.Context, e *cwl.Event, cost, bound int) ([]*Chunk, error) {
	q.signal() // full: time to send what waits for its batch to fill
	if cost > bound {
		return nil, ErrFull
	}
	switch q.cfg.Policy {
	case Block:
		return nil, q.await(ctx, cost, bound)
	case DropOldest, DropLowestLevel:
		return q.evict(e.Level, cost, bound)
	}
	return nil, ErrFull
}
