// Package watchzerolog is zerolog's door to watchtower: a writer whose lines go
// to CloudWatch Logs.
//
//	logger := zerolog.New(watchzerolog.New(h, nil))
//
// Each line is one event, as zerolog wrote it. The event's time is that of
// the call, because the time field of zerolog has whole seconds unless it is
// told otherwise, and CloudWatch has milliseconds; the field itself is not needed.
//
// Lines are stored as they are, so that what makes or changes the parts of a record
// does nothing to them: ReplaceAttr, EncodeAny, AddSource, Fields, RecordAttrs,
// ContextAttrs, Format and NewFormatter of the handler's options. Redact gets the whole line, with the
// key "", and so finds no secrets by their keys: leave these out in zerolog, by
// a zerolog.LogObjectMarshaler. In place of Fields there is With().Str(…), in
// place of the others a hook.
//
// [ContextHook] adds the ids of a trace to the lines, or what else a context knows.
//
// A zerolog.ConsoleWriter, or a file, stands beside it by
// zerolog.MultiLevelWriter.
//
// # Levels
//
// Lines below the level of the handler are left out. Trace is the slog level -8, the numbers
// below it go on by four, Fatal is 12 and Panic 13 (see AtLevel); a line without a level
// counts as Info, and is never left out. Lines that come by Write, as through a
// writer of somebody else's that knows no levels, are without one. Lines are not
// sampled by Options.Sampling of the handler: zerolog has samplers of its own.
//
// # What is left to the program
//
// By WithLevel zerolog writes a line of Fatal without ending the program, which the writer
// cannot tell from Fatal: in an outage the handler is closed then, as WriteLevel says. A
// program that is built with zerolog's tag binary_log writes CBOR, which is no text: it
// cannot use this package.
package watchzerolog

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/rs/zerolog"

	"github.com/watchtower-go/watchtower"
)

// Options tell [New] how to log. The zero value is a good one.
type Options struct {
	// FlushTimeout bounds the flush of Fatal and Panic, and Close. If zero,
	// 5 s.
	FlushTimeout time.Duration
}

// A Writer is a zerolog.LevelWriter. It is safe for concurrent use.
type Writer struct {
	h       *watchtower.Handler
	timeout time.Duration
	levels  [zerolog.NoLevel - zerolog.TraceLevel + 1]io.Writer
}

// New returns a writer that logs through h. Give it h.Named(…) for a logger with
// a name, and h.WithAttrs(…) for what {attr:…} in the log stream's name stands
// for: the fields in a line are not looked at. opts may be nil.
func New(h *watchtower.Handler, opts *Options) *Writer {
	if opts == nil {
		opts = new(Options)
	}
	w := &Writer{h: h, timeout: opts.FlushTimeout}
	if w.timeout == 0 {
		w.timeout = 5 * time.Second
	}
	for i := range w.levels {
		w.levels[i] = h.WriterAt(AtLevel(zerolog.TraceLevel + zerolog.Level(i)))
	}
	return w
}

// Write makes one event of a line of no level. It returns len(p) and no error
// when the event is dropped, because zerolog would print each: the handler's
// Stats and OnError tell of losses. After the handler's Close it returns
// watchtower.ErrClosed.
func (w *Writer) Write(p []byte) (int, error) { return w.WriteLevel(zerolog.NoLevel, p) }

// WriteLevel is Write for a line of that level. What was logged up to a line of Fatal
// or Panic is delivered when it returns, or FlushTimeout has passed. When that does not succeed
// for Fatal, which ends the program, the handler is closed too, so that what is
// left is on disk, in your Fallback, or told (see watchtower.FlushOrClose).
func (w *Writer) WriteLevel(l zerolog.Level, p []byte) (int, error) {
	l = min(l, zerolog.NoLevel)
	n, err := len(p), error(nil)
	if l == zerolog.NoLevel || w.h.Enabled(context.Background(), AtLevel(l)) {
		n, err = w.at(l).Write(p)
	}
	switch l {
	case zerolog.FatalLevel:
		watchtower.FlushOrClose(w.h, w.timeout)
	case zerolog.PanicLevel:
		ctx, cancel := context.WithTimeout(context.Background(), w.timeout)
		defer cancel()
		_ = w.h.Flush(ctx) // the panic is not to be held up by an error
	}
	return n, err
}

// at is a writer of that level.
func (w *Writer) at(l zerolog.Level) io.Writer {
	if l < zerolog.TraceLevel { // a number, which zerolog leaves to programs
		return w.h.WriterAt(AtLevel(l))
	}
	return w.levels[l-zerolog.TraceLevel]
}

// Close closes the handler, for as long as FlushTimeout at most. Newer versions of
// zerolog call it after a line of Fatal, also through a writer that buffers.
func (w *Writer) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), w.timeout)
	defer cancel()
	return w.h.Close(ctx)
}

// AtLevel returns the level at which lines of a level of zerolog are logged: four
// apart up to Error, then 12 and 13. NoLevel, and what is above it, is Info.
func AtLevel(l zerolog.Level) slog.Level {
	switch {
	case l >= zerolog.NoLevel:
		return slog.LevelInfo
	case l > zerolog.ErrorLevel:
		return slog.LevelError + 4 + slog.Level(l-zerolog.FatalLevel)
	}
	return (slog.Level(l) - slog.Level(zerolog.InfoLevel)) * 4
}
