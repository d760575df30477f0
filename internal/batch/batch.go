// Package batch gathers events of one log stream for one PutLogEvents. A batch
// keeps every limit of the service to the byte, is in the order of time and,
// within a millisecond, of acceptance, and is the body of its request: the
// fragments are copied into place and never parsed again.
package batch

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// Limits bound a batch. They are never above those of the service.
type Limits struct {
	Bytes  int // sum of message bytes and 26 per event
	Events int
}

// An Entry is one event of a batch.
type Entry struct {
	Time  int64 // milliseconds
	Size  int   // message bytes
	Level slog.Level
	Parts *cwl.Parts
	Disk  uint64 // see cwl.Event
	Again bool

	off, len int // where its fragment stands in the body
}

// A Batch is owned by one goroutine at a time: the owner while it is open, the
// sender while it is under way.
type Batch struct {
	// Stream is the log stream that the events go to.
	Stream string
	// Born is when the oldest event was accepted.
	Born time.Time
	// Due is when the batch should leave; the owner's.
	Due time.Time
	// Entries are the events, in the order of the body.
	Entries []Entry
	// Min and Max are the earliest and the latest time, in milliseconds.
	Min, Max int64

	limits   Limits
	body     []byte
	head     int // length of what stands before the first fragment
	cost     int // what counts against limits.Bytes
	unsorted bool
	sealed   bool
	complete bool // body ends with tail
}

const tail = "]}"

// New returns an empty batch for events of one stream that go to a target. It
// grows in mem, which may be zero.
func New(to Target, stream string, limits Limits, mem Memory) *Batch {
	b := &Batch{Stream: stream, limits: limits, Entries: mem.entries[:0]}
	b.body = to.appendHead(mem.body[:0], stream)
	b.head = len(b.body)
	return b
}

// Memory is what a batch grew in, for the next one.
type Memory struct {
	body    []byte
	entries []Entry
}

// MakeMemory returns memory for a body of some bytes with some events, and a
// little more: what grows from nothing is made five times over.
func MakeMemory(bytes, events int) Memory {
	return Memory{body: make([]byte, 0, bytes+bytes/8), entries: make([]Entry, 0, events+events/8)}
}

// Bytes is the size of the memory's larger half.
func (m Memory) Bytes() int { return cap(m.body) }

// Memory ends the life of the batch and returns what it grew in. Nobody may
// read the body any more.
func (b *Batch) Memory() Memory {
	clear(b.Entries)
	m := Memory{body: b.body, entries: b.Entries}
	b.body, b.Entries = nil, nil
	return m
}

// Len is the number of events.
func (b *Batch) Len() int { return len(b.Entries) }

// Fits reports whether the limits allow e beside the events of the batch. An
// empty batch takes any event.
func (b *Batch) Fits(e *cwl.Event) bool {
	if len(b.Entries) == 0 {
		return true
	}
	return len(b.Entries) < b.limits.Events &&
		b.cost+e.Cost() <= b.limits.Bytes &&
		max(b.Max, e.Time)-min(b.Min, e.Time) <= cwl.MaxBatchSpan.Milliseconds()
}

// Add copies e into the batch. It must fit; born is when it was accepted.
func (b *Batch) Add(e *cwl.Event, born time.Time) {
	n := len(b.Entries)
	b.grow(len(e.Fragment) + 1 + len(tail))
	if n == 0 {
		b.Min, b.Max, b.Born = e.Time, e.Time, born
	} else {
		b.body = append(b.body, ',')
	}
	if e.Time < b.Max {
		b.unsorted = true
	}
	b.Min, b.Max = min(b.Min, e.Time), max(b.Max, e.Time)
	if born.Before(b.Born) {
		b.Born = born
	}
	b.Entries = append(b.Entries, Entry{
		Time: e.Time, Size: e.Size, Level: e.Level, Parts: e.Parts, Disk: e.Disk, Again: e.Again,
		off: len(b.body), len: len(e.Fragment),
	})
	b.body = append(b.body, e.Fragment...)
	b.cost += e.Cost()
}

// grow makes room for so many bytes more. A body is made twice as long each time, up
// to what most batches have when they are full: append, which takes a quarter more,
// would make it five times over.
func (b *Batch) grow(more int) {
	need := len(b.body) + more
	if need <= cap(b.body) {
		return
	}
	full := b.limits.Bytes + b.limits.Bytes/4
	b.body = slices.Grow(b.body, max(need, min(2*cap(b.body), full))-len(b.body))
}

// Bytes is what the batch takes of the service's limit.
func (b *Batch) Bytes() int { return b.cost }

// BodyBytes is the length of the body so far.
func (b *Batch) BodyBytes() int { return len(b.body) }

// Unused is how many bytes the body may grow by in the memory that it has.
func (b *Batch) Unused() int { return cap(b.body) - len(b.body) }

// FragmentBytes is the length of all fragments together.
func (b *Batch) FragmentBytes() int {
	n := 0
	for i := range b.Entries {
		n += b.Entries[i].len
	}
	return n
}

// Fragment is the part of the body that is one entry's event.
func (b *Batch) Fragment(e *Entry) []byte { return b.body[e.off : e.off+e.len] }

// Seal marks that nothing is added any more.
func (b *Batch) Seal() { b.sealed = true }

// Sealed reports whether the batch is sealed.
func (b *Batch) Sealed() bool { return b.sealed }

// Body is the complete request body, of a sealed batch. It is valid until
// Memory is called.
func (b *Batch) Body() []byte {
	if !b.complete {
		b.sort()
		b.body = append(b.body, tail...)
		b.complete = true
	}
	return b.body
}

// sort brings entries and body into the order of time; within a millisecond
// they keep the order in which they were added.
func (b *Batch) sort() {
	if !b.unsorted {
		return
	}
	slices.SortStableFunc(b.Entries, func(x, y Entry) int {
		switch {
		case x.Time < y.Time:
			return -1
		case x.Time > y.Time:
			return 1
		}
		return 0
	})
	b.rewrite(b.Entries)
	b.unsorted = false
}

// others has the bodies that were rewritten: the next to be grows in them.
var others = sync.Pool{New: func() any { return new([]byte) }}

// rewrite makes a new body of some entries.
func (b *Batch) rewrite(entries []Entry) {
	other := others.Get().(*[]byte)
	body := slices.Grow((*other)[:0], len(b.body)+len(tail))
	body = append(body, b.body[:b.head]...)
	for i := range entries {
		e := &entries[i]
		if i > 0 {
			body = append(body, ',')
		}
		fragment := b.Fragment(e)
		e.off = len(body)
		body = append(body, fragment...)
	}
	*other, b.body = b.body, body
	others.Put(other)
}

// Event is one entry as an event. Its fragment is the batch's.
func (b *Batch) Event(e *Entry) cwl.Event {
	return cwl.Event{
		Time: e.Time, Level: e.Level, Stream: b.Stream, Fragment: b.Fragment(e), Size: e.Size,
		Parts: e.Parts, Disk: e.Disk, Again: e.Again,
	}
}

// CutLast moves the events of the last millisecond into a new batch, which it
// returns: more of that millisecond may be on their way, and events that share
// one are best sent together. The new batch grows in mem. CutLast returns nil,
// and changes nothing, when these events are half of the batch or more.
func (b *Batch) CutLast(mem func() Memory) *Batch {
	b.sort()
	k := len(b.Entries)
	for k > 0 && b.Entries[k-1].Time == b.Max {
		k--
	}
	if k <= len(b.Entries)/2 {
		return nil
	}
	rest := b.take(b.Entries[k:], mem())
	end := b.Entries[k-1].off + b.Entries[k-1].len
	clear(b.Entries[k:])
	b.Entries, b.body = b.Entries[:k], b.body[:end]
	b.cost -= rest.cost
	b.Max = b.Entries[k-1].Time
	return rest
}

// take copies some of the entries into a new batch.
func (b *Batch) take(entries []Entry, mem Memory) *Batch {
	n := &Batch{Stream: b.Stream, limits: b.limits, head: b.head, Entries: mem.entries[:0]}
	n.body = append(mem.body[:0], b.body[:b.head]...)
	for i := range entries {
		e := &entries[i]
		event := b.Event(e)
		n.Add(&event, b.Born)
	}
	return n
}
