package queue

import (
	"context"
	"slices"
	"time"
)

// await charges cost as soon as there is room. It is called, and returns, with
// the lock held; it gives the lock up while it waits.
func (q *Queue) await(ctx context.Context, cost, bound int) error {
	w := &waiter{cost: cost, bound: bound, ready: make(chan struct{})}
	q.waiting = append(q.waiting, w)
	q.grant() // the reserve may be free for it
	q.mu.Unlock()
	err := q.wait(ctx, w)
	q.mu.Lock()
	if w.granted && q.closed {
		q.used -= cost
		return ErrClosed
	}
	if w.granted {
		return nil
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(other *waiter) bool { return other == w })
	q.grant() // a smaller one behind it may fit now
	return err
}

// wait sleeps until w is ready, or returns why it gave up.
func (q *Queue) wait(ctx context.Context, w *waiter) error {
	var timeout <-chan time.Time
	if q.cfg.BlockTimeout > 0 {
		t := time.NewTimer(q.cfg.BlockTimeout)
		defer t.Stop()
		timeout = t.C
	}
	select {
	case <-w.ready:
		return ErrClosed // unless it was granted
	case <-timeout:
		return ErrFull
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Blocked reports whether a Put waits for room.
func (q *Queue) Blocked() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) > 0
}

// grant charges those in the line for whom there is room, one after another.
// Who may use the reserve is not held up by those before it who may not.
func (q *Queue) grant() {
	blocked := 0 // the bound of those who could not be served
	for i := 0; i < len(q.waiting); {
		w := q.waiting[i]
		switch {
		case w.bound <= blocked:
			i++
		case q.used+w.cost > w.bound:
			blocked = w.bound
			i++
		default:
			q.waiting = slices.Delete(q.waiting, i, i+1)
			q.used += w.cost
			w.granted = true
			close(w.ready)
		}
		if blocked == q.cfg.Bytes {
			return
		}
	}
}
