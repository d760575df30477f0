package batch

import (
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// minGzip is the shortest body in bytes worth compressing. A request of that
// size, with its 700 bytes of headers, leaves in one or two packets either
// way, and the 7 µs that it takes buy nothing.
const minGzip = 1024

// smallGzip is the longest body in bytes that is compressed without the tables, of
// 800 KiB, that longer ones are compressed with: it takes a few microseconds more and
// gets as short. A program that logs little need not hold them, or make them anew
// after each garbage collection.
const smallGzip = 16 << 10

// usualRatio is how much shorter bodies get at the least, as a rule: what they are
// compressed into does not have to grow then.
const usualRatio = 6

// A squeezer is a gzip writer with the buffer that it appends to. Writers are
// pooled because of their tables.
type squeezer struct {
	w   *gzip.Writer
	out []byte
}

// Write appends; it is what the gzip writer writes to.
func (s *squeezer) Write(p []byte) (int, error) {
	s.out = append(s.out, p...)
	return len(p), nil
}

// squeezers are for bodies of any length, frugal ones for small bodies.
var squeezers, frugal = squeezersOf(gzip.BestSpeed), squeezersOf(gzip.StatelessCompression)

func squeezersOf(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		// The level is one that the library knows, so there is no error.
		w, _ := gzip.NewWriterLevel(io.Discard, level)
		return &squeezer{w: w}
	}}
}

// Gzip compresses src into dst, from its start and growing it as needed, and
// tells whether that pays: whether src is long enough and got shorter. If
// not, only the capacity of the returned slice is of use. Gzip may be called
// by any number of goroutines; dst and src must not overlap.
func Gzip(dst, src []byte) (out []byte, pays bool) {
	if len(src) < minGzip {
		return dst[:0], false
	}
	pool := squeezers
	if len(src) <= smallGzip {
		pool = frugal
	}
	s := pool.Get().(*squeezer)
	s.out = slices.Grow(dst[:0], len(src)/usualRatio)
	s.w.Reset(s)
	// Neither can fail: a squeezer takes everything.
	_, _ = s.w.Write(src)
	_ = s.w.Close()
	out = s.out
	s.out = nil // the pool must not keep the caller's buffer
	pool.Put(s)
	return out, len(out) < len(src)
}
