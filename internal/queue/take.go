package queue

import (
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A Taking is what the owner takes out of the queue at once.
type Taking struct {
	eras []*era
	// Urgent says that somebody waits for these events to be delivered.
	Urgent bool
	// Pressed says that the bound is nearly reached, so that batches should
	// not wait to be filled.
	Pressed bool
}

// Take takes the filled chunks; with all, or when something is urgent or the
// queue is nearly full, also those that are being filled. It takes no more
// when it has taken most bytes: what is left in the queue can make room for
// other events. Room is not given back: see Release.
func (q *Queue) Take(all bool, most int) Taking {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := Taking{Urgent: q.urgent}
	t.Pressed = q.pressed()
	// What stays here stays open: an era that is cut short takes the memory of
	// a whole one.
	if q.open != nil && most > 0 && (all || t.Urgent || t.Pressed) {
		q.shut()
	}
	n := 0
	for n < len(q.full) && most > 0 {
		most -= q.full[n].cost()
		for lane, c := range q.full[n].chunks {
			if c != nil {
				q.inLane[lane] -= c.Cost()
			}
		}
		n++
	}
	t.eras = q.full[:n:n]
	q.full = q.full[n:]
	if len(q.full) == 0 {
		q.full = nil // the array goes with the taking
	}
	q.urgent = q.urgent && (q.open != nil || len(q.full) > 0)
	return t
}

// Pressed reports whether the bound is nearly reached.
func (q *Queue) Pressed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pressed()
}

// pressed reports whether batches should leave before they are full.
func (q *Queue) pressed() bool { return len(q.waiting) > 0 || q.used > (q.cfg.Bytes-q.cfg.Reserve)/4*3 }

// Filled reports whether there are filled chunks, or somebody waits for others.
func (q *Queue) Filled() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.full) > 0 || q.urgent
}

// Each calls yield with each event, in the order of acceptance, and the time
// when its chunk was begun. The fragments are valid until Recycle.
func (t *Taking) Each(yield func(e *cwl.Event, born time.Time)) {
	for _, era := range t.eras {
		era.each(func(e *cwl.Event) { yield(e, era.born) })
	}
}

// Empty reports whether nothing was taken.
func (t *Taking) Empty() bool { return len(t.eras) == 0 }

// Recycle gives the chunks of a taking back to the queue.
func (t *Taking) Recycle(q *Queue) {
	for _, era := range t.eras {
		for _, c := range era.chunks {
			if c != nil {
				c.reset()
			}
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range t.eras {
		for _, c := range r.chunks {
			if c != nil {
				q.recycle(c)
			}
		}
		*r = era{} // or it would keep chunks that are not kept
		if len(q.eras)*q.chunk < q.cfg.Bytes/kept {
			q.eras = append(q.eras, r)
		}
	}
	t.eras = nil
}

// Left returns the sequence number of the oldest event that has not been taken;
// with none, that of the next to come.
func (q *Queue) Left() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, era := range q.full {
		if first, ok := era.first(); ok {
			return first
		}
	}
	if q.open != nil {
		if first, ok := q.open.first(); ok {
			return first
		}
	}
	return q.seq + 1
}

// Last returns the sequence number of the event accepted last.
func (q *Queue) Last() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.seq
}

// Born returns when the oldest event in the queue came in, about, or the zero
// time when there is none.
func (q *Queue) Born() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.full) > 0:
		return q.full[0].born
	case q.open != nil:
		return q.open.born
	}
	return time.Time{}
}

// Idle tells the queue that the owner is about to sleep with nothing to wait
// for, so that the next event must wake it. It is false, and nothing is noted,
// when there are events already.
func (q *Queue) Idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.idle = q.open == nil && len(q.full) == 0
	return q.idle
}

// Rest gives up the memory that is kept for later.
func (q *Queue) Rest() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.free, q.blocks, q.eras = [lanes][]*Chunk{}, nil, nil
}
