package queue

import (
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

const (
	// MaxChunkBytes is the size of a chunk in a queue of the usual size:
	// large enough that the owner is woken once for some hundred events.
	// Smaller queues have smaller chunks.
	MaxChunkBytes = 64 << 10
	minChunkBytes = 4 << 10
	// maxFree bounds the chunks kept for later.
	maxFree = 16
)

// A Chunk is a run of events in the order in which they were accepted. Their
// fragments lie in memory of the chunk's own.
type Chunk struct {
	// Events are the events; their fragments are valid until Recycle.
	Events []cwl.Event

	buf []byte
}

// fits reports whether the chunk has room for e without growing.
func (c *Chunk) fits(e *cwl.Event) bool { return len(c.buf)+len(e.Fragment) <= cap(c.buf) }

// add copies e. It must fit.
func (c *Chunk) add(e *cwl.Event, seq uint64) {
	start := len(c.buf)
	c.buf = append(c.buf, e.Fragment...)
	c.Events = append(c.Events, *e)
	last := &c.Events[len(c.Events)-1]
	last.Fragment, last.Seq = c.buf[start:len(c.buf):len(c.buf)], seq
}

// Cost is what the chunk's events take of the bound.
func (c *Chunk) Cost() int { return len(c.buf) + len(c.Events)*EventCost }

// reset empties the chunk.
func (c *Chunk) reset() {
	clear(c.Events) // let go of names and parts
	c.Events, c.buf = c.Events[:0], c.buf[:0]
}

// An era is the events accepted between two moments, a chunk for each class of
// levels. All its chunks are closed together, so that eras keep the order of
// acceptance and chunks can be given up by level.
type era struct {
	born   time.Time
	chunks [lanes]*Chunk
}

// fits reports whether the era takes e without a chunk growing.
func (r *era) fits(lane int, e *cwl.Event) bool {
	c := r.chunks[lane]
	return c == nil || c.fits(e)
}

func (r *era) empty() bool { return r.chunks == [lanes]*Chunk{} }

func (r *era) cost() int {
	n := 0
	for _, c := range r.chunks {
		if c != nil {
			n += c.Cost()
		}
	}
	return n
}

// first returns the sequence number of the oldest event.
func (r *era) first() (seq uint64, ok bool) {
	for _, c := range r.chunks {
		if c != nil && (!ok || c.Events[0].Seq < seq) {
			seq, ok = c.Events[0].Seq, true
		}
	}
	return seq, ok
}

// each calls yield with the events of all chunks in the order of acceptance.
func (r *era) each(yield func(*cwl.Event)) {
	var next [lanes]int
	for {
		var oldest *cwl.Event
		from := 0
		for lane, c := range r.chunks {
			if c == nil || next[lane] == len(c.Events) {
				continue
			}
			if e := &c.Events[next[lane]]; oldest == nil || e.Seq < oldest.Seq {
				oldest, from = e, lane
			}
		}
		if oldest == nil {
			return
		}
		next[from]++
		yield(oldest)
	}
}
