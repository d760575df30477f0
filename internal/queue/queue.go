// Package queue holds events between the goroutines that log and the one that
// delivers. It is bounded in bytes: what an event takes is charged when it is
// put and given back by Release when the event is settled, so that the bound
// covers open batches and requests under way too.
package queue

import (
	"errors"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// EventCost is what an event takes of the bound beside its fragment: its
// entry here and its entry in a batch.
const EventCost = 160

// WaitCost is what it takes beside that when somebody waits for it: its parts and
// a channel, about 160 bytes; and more than as much again, because a call that
// waits leaves a context and a timer behind, and what is dead is not gone at once.
const WaitCost = 384

// Cost is what an event takes of the queue's bound, in bytes.
func Cost(e *cwl.Event) int { return len(e.Fragment) + EventCost + Wait(e.Parts) }

// Wait is WaitCost when somebody waits for the event with these parts.
func Wait(p *cwl.Parts) int {
	if p != nil && p.Done != nil {
		return WaitCost
	}
	return 0
}

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
	// DropOldest makes room by dropping the oldest events in the queue.
	DropOldest
	// DropLowestLevel makes room by dropping events of lower levels, the
	// lowest first and of these the oldest.
	DropLowestLevel
)

// Config tells how much a queue holds. Bytes is required.
type Config struct {
	Bytes  int
	Policy Policy
	// Reserve is the part of Bytes that only events of slog.LevelError and
	// above may take.
	Reserve int
	// BlockTimeout bounds the wait for room. If zero, it has no bound.
	BlockTimeout time.Duration
}

// Evicts reports whether the policy gives up events in the queue.
func (c Config) Evicts() bool { return c.Policy == DropOldest || c.Policy == DropLowestLevel }

// A Queue is safe for concurrent use: callers Put, the owner does the rest.
type Queue struct {
	cfg   Config
	chunk int // how many bytes of fragments an era has
	block int // how many of them are allocated at once
	// wake has a capacity of 1: a token means that the owner has something
	// to look at.
	wake chan struct{}

	mu      sync.Mutex
	seq     uint64          // events accepted so far
	used    int             // bytes charged and not released
	inLane  [lanes]int      // cost of the events in full and open, by lane
	full    []*era          // closed, oldest first
	open    *era            // being filled, or nil
	free    [lanes][]*Chunk // emptied, to be used again
	usual   [lanes]int      // events of the last chunk that was closed
	blocks  [][]byte        // memory for fragments, to be used again
	eras    []*era          // to be used again
	waiting []*waiter
	idle    bool // the owner sleeps with no timer: the next event must wake it
	urgent  bool // somebody waits for what is in the queue
	closed  bool
	gone    chan struct{} // closed with it
}

// waiter is a Put that waits for room, in the order of arrival.
type waiter struct {
	cost    int
	bound   int // what it may fill
	granted bool
	ready   chan struct{} // closed when room was charged for it, or the queue is closed
}

// New returns an empty queue.
func New(cfg Config) *Queue {
	q := &Queue{
		cfg:   cfg,
		chunk: min(MaxChunkBytes, max(minChunkBytes, cfg.Bytes/32)),
		wake:  make(chan struct{}, 1),
		idle:  true,
		gone:  make(chan struct{}),
	}
	q.block = q.chunk
	if cfg.Policy == DropLowestLevel {
		q.block = minBlockBytes // an era has several chunks, and none may waste much
	}
	return q
}

// room returns the chunk for a record of that size which begins with e. The
// events of a record are never torn apart: they are taken, or given up,
// together.
func (q *Queue) room(e *cwl.Event, size int) *Chunk {
	if q.open != nil && q.open.size+size > q.chunk {
		q.shut()
		q.signal()
	}
	if q.open == nil {
		q.open = q.newEra()
	}
	q.open.size += size
	lane := q.lane(e.Level)
	if q.open.chunks[lane] == nil {
		q.open.chunks[lane] = q.newChunk(lane)
	}
	return q.open.chunks[lane]
}

// shut closes the open era.
func (q *Queue) shut() {
	for lane, c := range q.open.chunks {
		if c != nil {
			q.usual[lane] = len(c.Events)
		}
	}
	q.full = append(q.full, q.open)
	q.open = nil
}

// newEra returns an empty era.
func (q *Queue) newEra() *era {
	last := len(q.eras) - 1
	if last < 0 {
		return &era{born: time.Now()}
	}
	r := q.eras[last]
	q.eras = q.eras[:last]
	r.born = time.Now()
	return r
}

// newChunk returns an empty chunk. One that was used in the same lane before has
// about the right size. A new one has room for as many events as the one before it,
// and a little more: one that grows from nothing leaves as much garbage, and ends
// half empty.
func (q *Queue) newChunk(lane int) *Chunk {
	free := q.free[lane]
	last := len(free) - 1
	if last < 0 {
		n := q.usual[lane]
		return &Chunk{lane: lane, Events: make([]cwl.Event, 0, n+n/8)}
	}
	c := free[last]
	q.free[lane] = free[:last]
	return c
}

// newBlock returns memory for a fragment of n bytes, and for others of the chunk.
// A large one has a block of its own size: whole blocks would hold one each, and
// be half empty. What comes behind it has as much as the chunk may grow by.
func (q *Queue) newBlock(c *Chunk, n int) []byte {
	switch rest := q.chunk - c.size; {
	case n > q.chunk/4 || n > q.block:
		return make([]byte, 0, n)
	case rest < q.block:
		return make([]byte, 0, max(n, rest))
	}
	if last := len(q.blocks) - 1; last >= 0 {
		b := q.blocks[last]
		q.blocks = q.blocks[:last]
		return b
	}
	return make([]byte, 0, q.block)
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

// Nudge wakes the owner.
func (q *Queue) Nudge() { q.signal() }

// Closed is closed by Close.
func (q *Queue) Closed() <-chan struct{} { return q.gone }

// IsClosed reports whether Close was called.
func (q *Queue) IsClosed() bool {
	select {
	case <-q.gone:
		return true
	default:
		return false
	}
}

// Recycle gives back a chunk whose events were copied or given up.
func (q *Queue) Recycle(c *Chunk) {
	c.reset()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.recycle(c)
}

func (q *Queue) recycle(c *Chunk) {
	for _, b := range c.blocks {
		if cap(b) == q.block && len(q.blocks)*q.block < q.cfg.Bytes/kept {
			q.blocks = append(q.blocks, b[:0])
		}
	}
	clear(c.blocks)
	c.blocks = c.blocks[:0]
	if free := q.free[c.lane]; len(free)*q.chunk < q.cfg.Bytes/kept {
		q.free[c.lane] = append(free, c)
	}
}

// Charge takes room for an event that the owner adds by itself, bound or not.
func (q *Queue) Charge(cost int) {
	q.mu.Lock()
	q.used += cost
	q.mu.Unlock()
}

// Release gives back room: cost is the sum of Cost over events that are settled.
func (q *Queue) Release(cost int) {
	q.mu.Lock()
	q.used -= cost
	q.grant()
	if q.pressed() {
		q.signal() // what held back the rest of the batches may be gone
	}
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
	if !q.closed {
		close(q.gone)
	}
	q.closed = true
	for _, w := range q.waiting {
		close(w.ready)
	}
	q.waiting = nil
	q.signal()
}
