package watchtower

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower/internal/encode"
	"github.com/watchtower-go/watchtower/internal/engine"
)

// An Event is a message for [Handler.Put], already formatted.
type Event struct {
	// Time is the event's timestamp. If zero, now.
	Time time.Time
	// Level is the level of the event, which Message need not show. If zero,
	// slog.LevelInfo.
	Level slog.Level
	// Message is the text, one character at least.
	Message string
	// Attrs are what {attr:…} in the log stream's name stands for. They are
	// not written: Message has them already, or need not show them.
	Attrs []slog.Attr
}

// Put sends a message that is formatted already; bridges to other loggers use
// it. It leaves Options.Level to the caller. It returns an error when the event
// is lost at once, as Handle does, also when ctx ends while Put waits for room:
// its cause is within that error then.
func (h *Handler) Put(ctx context.Context, e Event) error {
	if engine.FromSend(ctx) {
		return nil // as in Handle
	}
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	b := encode.Get()
	defer b.Free()
	if err := h.enc.LineString(b, e.Time, e.Level, e.Message); err != nil {
		return h.refuse(err, b, e.Message, e.Time, e.Level)
	}
	if len(e.Attrs) > 0 {
		h.enc.Capture(b, e.Attrs)
	}
	return h.ship(ctx, b)
}

// Writer returns a writer that makes one event of each Write, at slog.LevelInfo
// and the time of the call; a newline at its end is left out. Programs that
// have a log.Logger, zerolog or anything else that writes lines use it.
//
// Write reports len(p) and no error when the event is dropped, because loggers
// would print an error for every line: Stats and OnError tell of losses. After
// Close it returns ErrClosed.
func (h *Handler) Writer() io.Writer { return h.WriterAt(slog.LevelInfo) }

// WriterAt is Writer at another level, which the events do not show: it counts
// for ErrorReserve, DropLowestLevel and the Levels of a [*DropError]. It leaves
// Options.Level to the caller.
func (h *Handler) WriterAt(level slog.Level) io.Writer { return writer{h, level} }

type writer struct {
	h     *Handler
	level slog.Level
}

func (w writer) Write(p []byte) (int, error) {
	line := p
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	now := time.Now()
	b := encode.Get()
	defer b.Free()
	if err := w.h.enc.Line(b, now, w.level, line); err != nil {
		_ = w.h.refuse(err, b, "", now, w.level)
		return len(p), nil
	}
	if err := w.h.ship(context.Background(), b); err == errClosed {
		return 0, ErrClosed
	}
	return len(p), nil
}
