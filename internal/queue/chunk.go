package queue

import (
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

const (
	// MaxChunkBytes is the size of the chunks of an era in a queue of the
	// usual size: large enough that the owner is woken once for some hundred
	// events. Smaller queues have smaller chunks.
	MaxChunkBytes = 64 << 10
	minChunkBytes = 4 << 10
	// minBlockBytes is the size of the blocks of chunks that share an era with
	// others: small, so that none wastes much.
	minBlockBytes = 2 << 10
	// kept is the part of the bound that chunks kept for later may have held:
	// a quarter. It is several batches, so that callers who wait for room find
	// it made when the owner has taken all that it can send.
	kept = 4
)

// A Chunk is a run of events in the order in which they were accepted. Their
// fragments lie in memory of the chunk's own.
type Chunk struct {
	// Events are the events; their fragments are valid until Recycle.
	Events []cwl.Event

	lane   int
	size   int      // of all fragments
	cost   int      // of all events
	blocks [][]byte // where they lie; the last is being filled
}

// fits reports whether the last block has room for e.
func (c *Chunk) fits(e *cwl.Event) bool {
	last := len(c.blocks) - 1
	return last >= 0 && len(c.blocks[last])+len(e.Fragment) <= cap(c.blocks[last])
}

// grow adds an empty block.
func (c *Chunk) grow(block []byte) { c.blocks = append(c.blocks, block) }

// add copies e. It must fit.
func (c *Chunk) add(e *cwl.Event, seq uint64) {
	last := &c.blocks[len(c.blocks)-1]
	start := len(*last)
	block := append(*last, e.Fragment...)
	*last = block
	c.size += len(e.Fragment)
	c.cost += Cost(e)
	c.Events = append(c.Events, *e)
	kept := &c.Events[len(c.Events)-1]
	kept.Fragment, kept.Seq = block[start:len(block):len(block)], seq
}

// Cost is what the chunk's events take of the bound.
func (c *Chunk) Cost() int { return c.cost }

// reset empties the chunk, but for its blocks.
func (c *Chunk) reset() {
	clear(c.Events) // let go of names and parts
	c.Events, c.size, c.cost = c.Events[:0], 0, 0
}

// An era is the events accepted between two moments, a chunk for each class of
// levels. All its chunks are closed together, so that eras keep the order of
// acceptance and chunks can be given up by level.
type era struct {
	born   time.Time
	size   int // of all fragments that were put into it
	chunks [lanes]*Chunk
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

// only returns the chunk of an era that has no other, or nil.
func (r *era) only() (c *Chunk) {
	for _, other := range r.chunks {
		if other != nil && c != nil {
			return nil
		}
		if other != nil {
			c = other
		}
	}
	return c
}

// each calls yield with the events of all chunks in the order of acceptance.
func (r *era) each(yield func(*cwl.Event)) {
	if only := r.only(); only != nil {
		for i := range only.Events {
			yield(&only.Events[i])
		}
		return
	}
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
