package encode

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// A formatter makes messages by handlers that are not ours. Such a handler is
// bound to its writer, so that each goroutine that logs at the same time needs
// one of its own: they are pooled, and what With… did is done again on each.
type formatter struct {
	make func(w io.Writer) slog.Handler
	name slog.Attr // put first, outside of all groups; zero if there is none
	ops  []op
	pool sync.Pool // of *instance

	fields []slog.Attr // of Options, after the name
	late   *Late       // may be nil
}

// An op is one call of WithAttrs, or of WithGroup if group is not empty.
type op struct {
	group string
	attrs []slog.Attr
}

// An instance is a handler and what it writes to.
type instance struct {
	buf  []byte
	base slog.Handler // h before any op
	h    slog.Handler
	late *lateRun // that it has, if any
}

// Write keeps what the handler writes.
func (i *instance) Write(p []byte) (int, error) {
	i.buf = append(i.buf, p...)
	return len(p), nil
}

// with returns a formatter with one more op.
func (f *formatter) with(o op) *formatter {
	return &formatter{make: f.make, name: f.name, ops: append(slices.Clip(f.ops), o), fields: f.fields, late: f.late}
}

func (f *formatter) withGroup(name string) *formatter { return f.with(op{group: name}) }

// named returns a formatter with another name.
func (f *formatter) named(key, name string) *formatter {
	d := &formatter{make: f.make, ops: f.ops, fields: f.fields, late: f.late}
	if name != "" {
		d.name = slog.String(key, name)
	}
	return d
}

// instance returns a pooled handler or makes one.
func (f *formatter) instance() *instance {
	var late *lateRun
	if f.late != nil {
		late = f.late.known.Load()
	}
	if i, ok := f.pool.Get().(*instance); ok && i.late == late {
		return i
	}
	i := &instance{late: late}
	i.base = f.make(i)
	if f.name.Key != "" {
		i.base = i.base.WithAttrs([]slog.Attr{f.name})
	}
	if len(f.fields) > 0 {
		i.base = i.base.WithAttrs(slices.Clone(f.fields))
	}
	if late != nil {
		i.base = i.base.WithAttrs(slices.Clone(late.attrs))
	}
	i.h = f.derive(i.base)
	return i
}

// derive does to a handler what With… did.
func (f *formatter) derive(h slog.Handler) slog.Handler {
	for _, o := range f.ops {
		if o.group != "" {
			h = h.WithGroup(o.group)
		} else {
			h = h.WithAttrs(slices.Clone(o.attrs))
		}
	}
	return h
}

// handle has a handler write r and returns it with what it wrote. A handler that
// panics or fails is not used again. Attributes at the top level, which no group
// may hold, cost a handler of their own.
func (f *formatter) handle(top []slog.Attr, r slog.Record) (i *instance, err error) {
	defer func() {
		if p := recover(); p != nil {
			i, err = nil, fmt.Errorf("formatter: !PANIC: %v", p)
		}
	}()
	i = f.instance()
	i.buf = i.buf[:0]
	h := i.h
	if len(top) > 0 {
		h = f.derive(i.base.WithAttrs(slices.Clone(top)))
	}
	if err := h.Handle(context.Background(), r); err != nil {
		return nil, fmt.Errorf("formatter: %w", err)
	}
	return i, nil
}

// format makes the events of r by e's formatter: all that it writes, less a
// newline at the end, is the message.
func (e *Encoder) format(b *Buffer, top []slog.Attr, r slog.Record) error {
	if len(e.opts.Capture) > 0 {
		b.captureFrom(e, top, r)
	}
	if b.leftOut != 0 {
		top = append(slices.Clip(top), slog.Int64(sampledOut, b.leftOut))
	}
	i, err := e.formats.handle(top, r)
	if err != nil {
		return e.redactedError(err)
	}
	at := r.Time
	if at.IsZero() {
		at = time.Now()
	}
	ms := b.beginFragment(at)
	line := i.buf
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	dst, n := escape(b.out, e.redactedLine(view(line)))
	b.out, b.extra = dst, n
	if cap(i.buf) <= keepBytes {
		e.formats.pool.Put(i)
	}
	return b.finish(e, ms, r.Level, true)
}

// formatterWithAttrs is WithAttrs for an encoder with a formatter.
func (e *Encoder) formatterWithAttrs(b *Buffer, attrs []slog.Attr) *Encoder {
	d := *e
	d.formats = e.formats.with(op{attrs: slices.Clone(attrs)})
	if len(e.opts.Capture) > 0 && len(e.groups) == 0 {
		for _, a := range attrs {
			b.captureOnly(e, a)
		}
		d.captured = b.allCaptured()
	}
	return &d
}
