package logconfig

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
)

// A loggerHandler is a logger of a name, with what With and WithGroup added. It
// looks for its handlers anew when the configuration has changed.
type loggerHandler struct {
	c     *Config
	name  string
	ops   []op
	bound atomic.Pointer[binding]
}

// binding is what the logger is in the configuration of now.
func (h *loggerHandler) binding() *binding {
	t := h.c.tree.Load()
	if b := h.bound.Load(); b != nil && b.tree == t {
		return b
	}
	b := t.bind(h.name, h.ops)
	h.bound.Store(b)
	return b
}

// Enabled reports whether records of the level get anywhere.
func (h *loggerHandler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.binding().level
}

// Handle gives the record to the handlers of the logger and of its ancestors. The
// error is that of the first that failed; all others got it nevertheless.
func (h *loggerHandler) Handle(ctx context.Context, r slog.Record) error {
	b := h.binding()
	for !b.tree.enter() {
		b = h.binding() // a reload has just replaced the tree
	}
	defer b.tree.leave() // not in a loop, where it would be allocated
	return b.handle(ctx, r)
}

func (h *loggerHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	return h.with(op{attrs: attrs})
}

func (h *loggerHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.with(op{group: name})
}

func (h *loggerHandler) with(o op) slog.Handler {
	return &loggerHandler{c: h.c, name: h.name, ops: append(slices.Clip(h.ops), o)}
}
