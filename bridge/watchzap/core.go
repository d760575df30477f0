// Package watchzap is zap's door to watchtower: a zapcore.Core whose entries go
// to CloudWatch Logs.
//
//	logger := zap.New(watchzap.New(h, nil))
//
// With zapcore.NewTee it stands beside another core, such as one for the console.
//
// # Messages
//
// An entry becomes what slog would make of it: JSON with the keys time, level,
// msg, logger, source (zap's caller), the fields, and stack, or what
// [watchtower.Options] say: Format, NewFormatter and ReplaceAttr work as for slog.
// The fields given to With stand before those of the entry; stack stands before all
// fields where With has opened a namespace, in which it would be else. Durations are
// nanoseconds and times RFC 3339, as slog has them; numbers that JSON does not know
// are the texts zap writes, such as "NaN". Namespaces and objects are groups, and are
// left out when they are empty; an object in an array is one JSON value, and
// ReplaceAttr does not see its fields. A field whose methods panic becomes the
// text "!PANIC: …", or "<nil>" for a nil pointer. A key that comes twice is written
// twice, as by zap and slog.
//
// With Options.Encoder a zap encoder writes the message instead.
//
// Placeholders {attr:KEY} of the log stream's name stand for top-level fields, {logger_name}
// for the name that zap's Named gave. [Context] gives an entry the context that
// ContextAttrs of the handler's options looks at, for the ids of a trace.
//
// # Levels
//
// DPanic, Panic and Fatal are the slog levels 12, 13 and 14, as in OpenTelemetry's
// bridge from slog, and are written as ERROR+4, ERROR+5 and ERROR+6. A ReplaceAttr
// can call them otherwise. AtLevel tells which is which.
package watchzap

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/named"
)

// Options tell [New] how to log. The zero value is a good one.
type Options struct {
	// Level is the lowest level that is logged. If nil, that of the handler.
	Level zapcore.LevelEnabler
	// Encoder, if set, makes each message, so that it is as in zap's own
	// output; the options of the handler about its form, ContextAttrs and
	// Sampling are of no use then. It is cloned.
	Encoder zapcore.Encoder
	// FlushTimeout bounds Sync, and the flush of entries above Error. If
	// zero, 5 s.
	FlushTimeout time.Duration
}

// New returns a core that logs through h. Cores derived from it by With share
// its queue. opts may be nil.
//
// Write returns no error when an entry is dropped, because zap would print each:
// the handler's Stats and OnError tell of losses. After the handler's Close it
// returns watchtower.ErrClosed.
//
// Sync waits until what was logged before is delivered, for FlushTimeout at
// most: while the service is down it returns the error of a context whose time is
// up, and the records stay where they are until they are delivered or the handler
// is closed. DPanic, Panic and Fatal flush as Sync does, the last two also when they are not
// logged. When that does not succeed for Fatal, which ends the program, the handler is closed too, so that
// what is left is on disk, in your Fallback, or told (see
// watchtower.FlushOrClose).
func New(h *watchtower.Handler, opts *Options) zapcore.Core {
	if opts == nil {
		opts = new(Options)
	}
	c := &core{enabler: opts.Level, timeout: opts.FlushTimeout, h: h, names: new(named.Handlers), ctx: context.Background()}
	if c.timeout == 0 {
		c.timeout = 5 * time.Second
	}
	if opts.Encoder != nil {
		c.encoder = opts.Encoder.Clone()
	}
	return c
}

// core is immutable; With makes another.
type core struct {
	enabler zapcore.LevelEnabler // may be nil
	timeout time.Duration
	encoder zapcore.Encoder // may be nil; has the fields given to With

	h      *watchtower.Handler // has the fields given to With, formatted
	within bool                // a namespace is open in h
	names  *named.Handlers     // of h
	ctx    context.Context     // given to With, or Background
}

// Enabled reports whether entries of the level are logged.
func (c *core) Enabled(l zapcore.Level) bool {
	if c.enabler != nil {
		return c.enabler.Enabled(l)
	}
	return c.h.Enabled(context.Background(), AtLevel(l))
}

// Level returns the lowest level that is enabled; zapcore.LevelOf asks for it.
func (c *core) Level() zapcore.Level {
	l := zapcore.DebugLevel
	for l <= zapcore.FatalLevel && !c.Enabled(l) {
		l++
	}
	return l
}

// With returns a core that adds the fields to each entry. They are formatted now,
// once.
func (c *core) With(fields []zapcore.Field) zapcore.Core {
	if len(fields) == 0 {
		return c
	}
	d := *c
	if c.encoder != nil {
		d.encoder = withFields(c.encoder, fields)
	}
	o := newObject()
	defer o.free()
	d.ctx = o.addAll(c.ctx, fields)
	d.within = c.within || len(o.open) > 0
	if d.h = o.giveTo(c.h); d.h != c.h {
		d.names = new(named.Handlers)
	}
	return &d
}

// Check adds the core to the entry if its level is enabled. An entry that may end the
// program is flushed for in any case.
func (c *core) Check(ent zapcore.Entry, ce *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	switch {
	case c.Enabled(ent.Level):
		return ce.AddCore(ent, c)
	case ent.Level > zapcore.DPanicLevel:
		return ce.AddCore(ent, silent{c})
	}
	return ce
}

// silent is a core for entries that are not logged.
type silent struct{ *core }

func (s silent) Write(ent zapcore.Entry, _ []zapcore.Field) error {
	s.end(ent.Level)
	return nil
}

// Write makes one event of the entry, and flushes if the program may be about to
// end.
func (c *core) Write(ent zapcore.Entry, fields []zapcore.Field) error {
	h := c.names.Of(c.h, ent.LoggerName)
	var err error
	if c.encoder != nil {
		err = c.writeEncoded(h, ent, fields)
	} else {
		err = c.write(h, ent, fields, nil)
	}
	c.end(ent.Level)
	if errors.Is(err, watchtower.ErrClosed) {
		return watchtower.ErrClosed
	}
	return nil
}

// end flushes if an entry of the level may be the last.
func (c *core) end(l zapcore.Level) {
	switch {
	case l >= zapcore.FatalLevel:
		watchtower.FlushOrClose(c.h, c.timeout)
	case l > zapcore.ErrorLevel:
		_ = c.Sync() // the panic is not to be held up by an error
	}
}

// write has the handler format the entry. failed is why the encoder did not.
func (c *core) write(h *watchtower.Handler, ent zapcore.Entry, fields []zapcore.Field, failed error) error {
	o := newObject()
	defer o.free()
	ctx := o.addAll(c.ctx, fields)
	o.closeAll()
	top := o.top[:0]
	if ent.Caller.Defined {
		// Not by its program counter: what is inlined at the caller would
		// stand in its place.
		top = append(top, slog.Any(slog.SourceKey, &slog.Source{
			Function: ent.Caller.Function, File: ent.Caller.File, Line: ent.Caller.Line,
		}))
	}
	if ent.Stack != "" {
		if c.within {
			top = append(top, slog.String("stack", ent.Stack))
		} else {
			o.AddString("stack", ent.Stack)
		}
	}
	if failed != nil {
		o.AddString("!ENCODER", failed.Error())
	}
	r := slog.NewRecord(ent.Time, AtLevel(ent.Level), ent.Message, 0)
	if len(o.attrs) > 0 {
		// A group without a name costs no copy.
		r.AddAttrs(slog.Attr{Value: slog.GroupValue(o.attrs...)})
	}
	return h.HandleTop(ctx, top, r)
}

// Sync waits until what was logged is delivered, or FlushTimeout has passed.
func (c *core) Sync() error {
	ctx, cancel := context.WithTimeout(context.Background(), c.timeout)
	defer cancel()
	return c.h.Flush(ctx)
}

// AtLevel returns the level at which entries of a level of zap are logged: four
// apart up to Error, then 12 and up by one.
func AtLevel(l zapcore.Level) slog.Level {
	if l <= zapcore.ErrorLevel {
		return slog.Level(l) * 4
	}
	return slog.LevelError + 4 + slog.Level(l-zapcore.DPanicLevel)
}
