package logconfig

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"time"
)

// A rest writes attributes alone, in a form of log/slog: its handler is told to
// leave out what a record has beside them. One goroutine uses it at a time.
type rest struct {
	buf bytes.Buffer
	h   slog.Handler
	// builtin is how many of the record's own fields are still to come.
	builtin int
}

func newRest(re replace, make func(io.Writer, *slog.HandlerOptions) slog.Handler) *rest {
	r := &rest{}
	r.h = make(&r.buf, &slog.HandlerOptions{Level: everything, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if r.builtin > 0 {
			r.builtin--
			return slog.Attr{}
		}
		if re != nil {
			return re(groups, a)
		}
		return a
	}})
	return r
}

// write returns the attributes as text.
func (r *rest) write(attrs []slog.Attr) string {
	r.buf.Reset()
	r.builtin = 2 // level and message; a record without time has none
	rec := slog.NewRecord(time.Time{}, 0, "", 0)
	rec.AddAttrs(attrs...)
	_ = r.h.Handle(context.Background(), rec) // a buffer takes everything
	return strings.TrimSuffix(r.buf.String(), "\n")
}
