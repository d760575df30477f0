package logconfig

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig/internal/sink"
)

// An output is a handler of a configuration that was started. It may live on
// through a reload; levels and filters are not its own.
type output struct {
	spec  *handlerSpec
	cloud *watchtower.Handler // of a CloudWatch handler
	sink  sink.Sink           // of all others
	told  *teller
	// context is Options.ContextAttrs, for a sink; a CloudWatch handler has it itself.
	context func(context.Context) []slog.Attr
	redact  redact // Options.Redact, likewise
}

// handler returns a handler for the logger of a name.
func (o *output) handler(name string) slog.Handler {
	if o.cloud == nil {
		return &lineHandler{out: o, name: name, pool: new(sync.Pool)}
	}
	h := o.cloud.Named(name)
	if o.spec.formatter.native != "" {
		return h // it writes the name itself
	}
	return h.WithAttrs([]slog.Attr{nameAttr(name)})
}

// livesOnAs reports whether what is open of o is also what is open of p.
func (o *output) livesOnAs(p *output) bool {
	return p != nil && o.cloud == p.cloud && o.sink == p.sink
}

// write hands a line to the sink, and tells of its failures; a panic of a stream
// that the program gave is one.
func (o *output) write(level slog.Level, at time.Time, line []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write: !PANIC: %v", p)
		}
		o.told.note(err)
	}()
	return o.sink.Write(level, at, line)
}

// closeGrace is how long closing a sink may take when there is no time left.
const closeGrace = time.Second

// closeWithin is close that ends soon after ctx, whatever the sink is stuck in.
func (o *output) closeWithin(ctx context.Context) error {
	if o.sink == nil {
		return nil
	}
	done := make(chan error, 1)
	go func() { done <- o.close() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(closeGrace):
		return fmt.Errorf("a line is still being written: %w", context.Cause(ctx))
	}
}

// close closes the sink. A CloudWatch handler is closed by those who know how
// long they can wait for it.
func (o *output) close() error {
	if o.sink == nil {
		return nil
	}
	err := o.sink.Close()
	o.told.end()
	return err
}

// An op is a call of WithAttrs, or of WithGroup if group is not empty.
type op struct {
	group string
	attrs []slog.Attr
}

// apply does to a handler what was done to another.
func apply(h slog.Handler, ops []op) slog.Handler {
	for _, o := range ops {
		if o.group != "" {
			h = h.WithGroup(o.group)
		} else {
			h = h.WithAttrs(slices.Clone(o.attrs))
		}
	}
	return h
}

// A lineHandler makes lines of records for a sink. What formats them is bound to
// its writer, so that each goroutine that logs at the same time has one of its
// own: no user's code runs under a lock.
type lineHandler struct {
	out  *output
	name string // of the logger
	ops  []op
	pool *sync.Pool // of *lineMaker
}

// A lineMaker is a handler and what it writes to.
type lineMaker struct {
	line []byte
	base slog.Handler // of the logger
	h    slog.Handler // with what was added to that
}

func (m *lineMaker) Write(p []byte) (int, error) {
	m.line = append(m.line, p...)
	return len(p), nil
}

func (h *lineHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler { return h.with(op{attrs: attrs}) }

func (h *lineHandler) WithGroup(name string) slog.Handler { return h.with(op{group: name}) }

func (h *lineHandler) with(o op) slog.Handler {
	return &lineHandler{out: h.out, name: h.name, ops: append(slices.Clip(h.ops), o), pool: new(sync.Pool)}
}

// keepLine is the longest line whose memory is kept for the next one.
const keepLine = 64 << 10

func (h *lineHandler) Handle(ctx context.Context, r slog.Record) error {
	m, _ := h.pool.Get().(*lineMaker)
	if m == nil {
		m = &lineMaker{}
		m.base = h.out.spec.formatter.handler(m, nil, h.out.redact).WithAttrs([]slog.Attr{nameAttr(h.name)})
		m.h = apply(m.base, h.ops)
	}
	m.line = m.line[:0]
	made := m.h
	if top := h.out.contextAttrs(ctx); len(top) > 0 {
		made = apply(m.base.WithAttrs(top), h.ops)
	}
	if err := format(made, r); err != nil {
		h.out.told.note(err)
		return err
	}
	line := m.line
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	err := h.out.write(r.Level, r.Time, line)
	if cap(m.line) <= keepLine {
		h.pool.Put(m)
	}
	return err
}

// format has a handler format a record. Code of the user that panics within it is
// an error.
func format(h slog.Handler, r slog.Record) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("format: !PANIC: %v", p)
		}
	}()
	return h.Handle(context.Background(), r)
}

// contextAttrs are what Options.ContextAttrs adds to a record, at the top level. A
// panic in it becomes an attribute, as in package watchtower.
func (o *output) contextAttrs(ctx context.Context) (attrs []slog.Attr) {
	if o.context == nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			attrs = []slog.Attr{slog.String("ContextAttrs", fmt.Sprintf("!PANIC: %v", p))}
		}
	}()
	return o.context(ctx)
}

var _ io.Writer = (*lineMaker)(nil)
