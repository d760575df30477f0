package encode

import (
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

// recordAttrs writes the attributes of Python's that Options.RecordAttrs asks for.
// ReplaceAttr sees them, with no groups; Redact has seen the message. Where the call
// was is in top if it came by way of another logger.
func (b *Buffer) recordAttrs(e *Encoder, top []slog.Attr, r *slog.Record, ms int64, msg string) {
	rec := pyrecord.Record{Name: e.logger, Level: r.Level, Message: msg, Time: r.Time}
	if rec.Time.IsZero() {
		rec.Time = time.UnixMilli(ms)
	}
	if e.sources != nil {
		rec.Source = e.sources.lookup(r.PC).Source
		if r.PC == 0 {
			rec.Source = sourceIn(top)
		}
	}
	builtin, clear := b.builtin, b.clear
	b.builtin, b.clear = true, true
	for _, a := range e.opts.RecordAttrs {
		b.attr(e, a.Of(&rec))
	}
	b.builtin, b.clear = builtin, clear
}

// sourceIn returns the source that is one of the attributes, if any.
func sourceIn(attrs []slog.Attr) (src slog.Source) {
	for _, a := range attrs {
		if p, ok := a.Value.Any().(*slog.Source); ok && p != nil && a.Key == slog.SourceKey {
			return *p
		}
	}
	return src
}
