// Package queue holds events between the goroutines that log and the one that
// delivers. It is bounded in bytes: what an event takes is charged when it is
// put and given back by Release when the event is settled, so that the bound
// covers open batches and requests under way too.
package queue

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// EventCost is what an event takes of the bound beside its fragment: its
// entry here and its entry in a batch.
const EventCost = 128

// Cost is what an event takes of the queue's bound, in bytes.
func Cost(e *cwl.Event) int { return len(e.Fragment) + EventCost }

// Reasons why an event is not taken.
var (
	ErrFull   = errors.New("queue full")
	ErrClosed = errors.New("queue closed")
)

// Policy is what Put does when there is no room.
type Policy int

const (
	// DropNewest refuses the event with ErrFull.
	DropNewest Policy = iota
	// Block waits for room.
	Block
)

// Config tells how much a queue holds. Every field is required except
// BlockTimeout, which is unbounded when zero.
type Config struct {
	Bytes        int
	Policy       Policy
	BlockTimeout time.Duration
}

// A Queue is safe for concurrent use: callers Put, the owner does the rest.
type Queue struct {
	cfg Config
	// wake has a capacity of 1: a token means that the owner has something
	// to look at.
	wake chan struct{}

	mu      sync.Mutex
	used    int      // bytes charged and not released
	full    []*Chunk // filled, oldest first
	open    *Chunk   // being filled, or nil
	free    []*Chunk // emptied, to be used again
	waiting []*waiter
	idle    bool // the owner sleeps with no timer: the next event must wake it
	urgent  bool // somebody waits for what is in the queue
	closed  bool
}

// waiter is a Put that waits for room, in the order of arrival.
type waiter struct {
	cost    int
	granted bool
	ready   chan struct{} // closed when room was charged for it, or the queue is closed
}

// New returns an empty queue.
func New(cfg Config) *Queue {
	return &Queue{cfg: cfg, wake: make(chan struct{}, 1), idle: true}
}

// Put copies the events into the queue, all or none. It returns ErrFull,
// ErrClosed, or the cause of ctx; with Block it waits until there is room, the
// time-out, ctx or Close. An urgent put makes the owner deliver at once.
func (q *Queue) Put(ctx context.Context, events []cwl.Event, urgent bool) error {
	cost := 0
	for i := range events {
		cost += Cost(&events[i])
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrClosed
	}
	if len(q.waiting) == 0 && q.used+cost <= q.cfg.Bytes {
		q.used += cost
	} else if err := q.await(ctx, cost); err != nil {
		return err
	}
	for i := range events {
		q.append(&events[i])
	}
	q.urgent = q.urgent || urgent
	if q.idle || urgent {
		q.idle = false
		q.signal()
	}
	return nil
}

// await charges cost as soon as there is room. It is called, and returns, with
// the lock held; it gives the lock up while it waits.
func (q *Queue) await(ctx context.Context, cost int) error {
	q.signal() // full: time to send what waits for its batch to fill
	if q.cfg.Policy == DropNewest || cost > q.cfg.Bytes {
		return ErrFull
	}
	w := &waiter{cost: cost, ready: make(chan struct{})}
	q.waiting = append(q.waiting, w)
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
	q.forget(w)
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

// forget takes w out of the line.
func (q *Queue) forget(w *waiter) {
	for i, other := range q.waiting {
		if other == w {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return
		}
	}
}

// grant charges those at the head of the line for whom there is room.
func (q *Queue) grant() {
	for len(q.waiting) > 0 && q.used+q.waiting[0].cost <= q.cfg.Bytes {
		w := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.used += w.cost
		w.granted = true
		close(w.ready)
	}
}

// append copies one event into the open chunk.
func (q *Queue) append(e *cwl.Event) {
	if q.open != nil && !q.open.fits(e) {
		q.full = append(q.full, q.open)
		q.open = nil
		q.signal()
	}
	if q.open == nil {
		q.open = q.chunk(len(e.Fragment))
	}
	q.open.add(e)
}

// chunk returns an empty chunk for an event of n bytes and more.
func (q *Queue) chunk(n int) *Chunk {
	if last := len(q.free) - 1; last >= 0 && n <= ChunkBytes {
		c := q.free[last]
		q.free = q.free[:last]
		c.Born = time.Now()
		return c
	}
	return newChunk(n)
}

// signal leaves a token for the owner.
func (q *Queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Wake delivers a token after something happened that the owner should look at.
func (q *Queue) Wake() <-chan struct{} { return q.wake }

// A Taking is what the owner takes out of the queue at once.
type Taking struct {
	// Chunks are the events, oldest first.
	Chunks []*Chunk
	// Urgent says that somebody waits for these events to be delivered.
	Urgent bool
	// Pressed says that the bound is nearly reached, so that batches should
	// not wait to be filled.
	Pressed bool
}

// Take takes the filled chunks; with all, or when something is urgent, also
// the one that is being filled. Room is not given back: see Release.
func (q *Queue) Take(all bool) Taking {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := Taking{Urgent: q.urgent}
	t.Pressed = len(q.waiting) > 0 || q.used > q.cfg.Bytes/4*3
	if q.open != nil && (all || t.Urgent || t.Pressed) {
		q.full = append(q.full, q.open)
		q.open = nil
	}
	t.Chunks = q.full
	q.full, q.urgent = nil, false
	return t
}

// Idle tells the queue that the owner is about to sleep with nothing to wait
// for, so that the next event must wake it. It is false, and nothing is noted,
// when there are events already.
func (q *Queue) Idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.idle = q.open == nil && len(q.full) == 0
	if q.idle {
		q.free = nil // an idle program keeps no chunks
	}
	return q.idle
}

// Open returns when the first event of the chunk that is being filled came in,
// or the zero time when there is none.
func (q *Queue) Open() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.open == nil {
		return time.Time{}
	}
	return q.open.Born
}

// Recycle gives back a chunk whose events were copied elsewhere.
func (q *Queue) Recycle(c *Chunk) {
	if !c.reset() {
		return
	}
	q.mu.Lock()
	if len(q.free) < maxFree {
		q.free = append(q.free, c)
	}
	q.mu.Unlock()
}

// Release gives back room: cost is the sum of Cost over events that are settled.
func (q *Queue) Release(cost int) {
	q.mu.Lock()
	q.used -= cost
	q.grant()
	q.mu.Unlock()
}

// Used is the number of bytes charged at the moment.
func (q *Queue) Used() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.used
}

// Close refuses every later Put and those that wait. What is in the queue can
// still be taken.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, w := range q.waiting {
		close(w.ready)
	}
	q.waiting = nil
	q.signal()
}
