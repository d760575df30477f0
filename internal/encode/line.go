package encode

import (
	"log/slog"
	"time"
)

// Line makes b hold the events that a finished message becomes: one, or more if
// it is split. The message is taken as it is, but for invalid UTF-8: each such
// byte becomes U+FFFD. A zero time is the time of the call. Its error is a
// *SizeError if the message is too long and to be dropped.
func (e *Encoder) Line(b *Buffer, at time.Time, level slog.Level, msg []byte) error {
	return e.LineString(b, at, level, view(msg))
}

// LineString is Line for a string.
func (e *Encoder) LineString(b *Buffer, at time.Time, level slog.Level, msg string) error {
	b.begin(e)
	if at.IsZero() {
		at = time.Now()
	}
	ms := b.beginFragment(at)
	dst, n := escape(b.out, e.redactedLine(msg))
	b.out, b.extra = dst, n
	return b.finish(e, ms, level, false)
}
