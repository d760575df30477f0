package watchlambda

import (
	"context"
	"log/slog"
)

// ContextHandler returns next with the attributes of [Attrs] for each record
// that is logged with the context of an invocation, as by
// slog.InfoContext(ctx, …).
func ContextHandler(next slog.Handler) slog.Handler { return &contextHandler{next} }

type contextHandler struct{ slog.Handler }

func (c *contextHandler) Handle(ctx context.Context, r slog.Record) error {
	if attrs := Attrs(ctx); len(attrs) > 0 {
		r = r.Clone() // the caller's may share the memory behind it
		r.AddAttrs(attrs...)
	}
	return c.Handler.Handle(ctx, r)
}

func (c *contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &contextHandler{c.Handler.WithAttrs(attrs)}
}

func (c *contextHandler) WithGroup(name string) slog.Handler {
	return &contextHandler{c.Handler.WithGroup(name)}
}
