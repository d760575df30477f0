package queue

import (
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

const (
	// ChunkBytes is the size of a chunk: large enough that the owner is
	// woken once for some hundred events.
	ChunkBytes = 64 << 10
	// maxFree bounds the chunks kept for later.
	maxFree = 16
)

// A Chunk is a run of events in the order in which they were accepted. Their
// fragments lie in memory of the chunk's own.
type Chunk struct {
	// Events are the events; their fragments are valid until Recycle.
	Events []cwl.Event
	// Born is when the first event came in.
	Born time.Time

	buf []byte
}

// newChunk returns a chunk for an event of n bytes and, unless that is a large
// one, some hundred more.
func newChunk(n int) *Chunk {
	return &Chunk{Born: time.Now(), buf: make([]byte, 0, max(n, ChunkBytes))}
}

// fits reports whether the chunk has room for e without growing.
func (c *Chunk) fits(e *cwl.Event) bool { return len(c.buf)+len(e.Fragment) <= cap(c.buf) }

// add copies e. It must fit.
func (c *Chunk) add(e *cwl.Event) {
	start := len(c.buf)
	c.buf = append(c.buf, e.Fragment...)
	c.Events = append(c.Events, *e)
	c.Events[len(c.Events)-1].Fragment = c.buf[start:len(c.buf):len(c.buf)]
}

// reset empties the chunk; it reports false for one that is not worth keeping.
func (c *Chunk) reset() bool {
	clear(c.Events) // let go of names and parts
	c.Events, c.buf = c.Events[:0], c.buf[:0]
	return cap(c.buf) == ChunkBytes
}
