package encode

import (
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

// recordAttrs writes the attributes of Python's that Options.RecordAttrs asks for.
// ReplaceAttr sees them, with no groups; Redact has seen the message.
func (b *Buffer) recordAttrs(e *Encoder, r *slog.Record, ms int64, msg string) {
	rec := pyrecord.Record{Name: e.logger, Level: r.Level, Message: msg, Time: r.Time}
	if rec.Time.IsZero() {
		rec.Time = time.UnixMilli(ms)
	}
	if e.sources != nil {
		rec.Source = e.sources.lookup(r.PC).Source
	}
	builtin, clear := b.builtin, b.clear
	b.builtin, b.clear = true, true
	for _, a := range e.opts.RecordAttrs {
		b.attr(e, a.Of(&rec))
	}
	b.builtin, b.clear = builtin, clear
}
