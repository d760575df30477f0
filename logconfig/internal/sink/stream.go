package sink

import (
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Stream returns a sink that writes each line and its newline to w in one
// Write (StreamHandler). Close leaves w open, since it is most often standard
// output or standard error, and does not wait for a Write that is under way. Sinks of the same w know nothing of each other:
// share one where their lines must not mix.
func Stream(w io.Writer) Sink { return &stream{w: w} }

type stream struct {
	closed atomic.Bool // not under the lock: a Write may be stuck for ever
	mu     sync.Mutex
	w      io.Writer
	buf    []byte
}

func (s *stream) Write(_ slog.Level, _ time.Time, line []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return ErrClosed
	}
	s.buf = ended(s.buf, line)
	_, err := s.w.Write(s.buf)
	return err
}

func (s *stream) Close() error {
	s.closed.Store(true)
	return nil
}

// maxKept is the size up to which a sink keeps its buffer for the next line,
// in bytes.
const maxKept = 64 << 10

// ended returns the line with its newline, in buf's memory where it fits and
// is not unusually large.
func ended(buf, line []byte) []byte {
	if cap(buf) > maxKept {
		buf = nil
	}
	return append(append(buf[:0], line...), '\n')
}
