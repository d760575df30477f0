package batch

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// minGzip is the shortest body in bytes worth compressing. A request of that
// size, with its 700 bytes of headers, leaves in one or two packets either
// way, and the 7 µs that it takes buy nothing.
const minGzip = 1024

// A squeezer is a gzip writer with the buffer that it appends to. Writers are
// pooled because each holds tables of some hundred KiB.
type squeezer struct {
	w   *gzip.Writer
	out []byte
}

// Write appends; it is what the gzip writer writes to.
func (s *squeezer) Write(p []byte) (int, error) {
	s.out = append(s.out, p...)
	return len(p), nil
}

var squeezers = sync.Pool{New: func() any {
	// The level is one that the library knows, so there is no error.
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	return &squeezer{w: w}
}}

// Gzip compresses src into dst, from its start and growing it as needed, and
// tells whether that pays: whether src is long enough and got shorter. If
// not, only the capacity of the returned slice is of use. Gzip may be called
// by any number of goroutines; dst and src must not overlap.
func Gzip(dst, src []byte) (out []byte, pays bool) {
	if len(src) < minGzip {
		return dst[:0], false
	}
	s := squeezers.Get().(*squeezer)
	s.out = dst[:0]
	s.w.Reset(s)
	// Neither can fail: a squeezer takes everything.
	_, _ = s.w.Write(src)
	_ = s.w.Close()
	out = s.out
	s.out = nil // the pool must not keep the caller's buffer
	squeezers.Put(s)
	return out, len(out) < len(src)
}
