package encode

import (
	"log/slog"
	"strconv"
	"time"
)

// Record makes b hold the events that r becomes: one, or more if it is split.
// Its error is a *SizeError if r is too long and to be dropped, or what the
// formatter returned; then there are no events. It does not panic, whatever
// the values of r do.
func (e *Encoder) Record(b *Buffer, r slog.Record) error { return e.RecordTop(b, nil, &r) }

// RecordTop is Record with attributes at the top level: after the logger's
// name, before those of WithAttrs, outside of all groups. The record is not kept; it
// is no copy, because copies of its 300 bytes are a good part of what a call costs.
func (e *Encoder) RecordTop(b *Buffer, top []slog.Attr, r *slog.Record) error {
	b.begin(e)
	if e.formats != nil {
		return e.format(b, top, *r)
	}
	ms := b.builtins(e, top, r)
	if len(top) > 0 {
		b.top(e, top)
	} else if len(e.both.out) > 0 {
		b.appendRun(e.both)
	}
	if len(e.groups) == 0 {
		r.Attrs(func(a slog.Attr) bool {
			b.attr(e, a)
			return true
		})
	} else {
		b.grouped(e, r)
	}
	if b.leftOut != 0 {
		b.prefix = b.prefix[:0]
		b.key(e, sampledOut)
		b.out = strconv.AppendInt(b.out, b.leftOut, 10)
	}
	if e.opts.Late != nil {
		b.late(e.opts.Late)
	}
	if len(b.metrics)+len(e.metrics) > 0 {
		b.embed(e, ms)
	}
	if b.room > 0 {
		b.lateMark()
	}
	if !e.text {
		b.out = append(b.out, '}')
	}
	return b.finish(e, ms, r.Level, true)
}

// grouped writes the attributes of r into the groups that e has opened. Those
// that no attribute has opened before are left out if there is none now.
func (b *Buffer) grouped(e *Encoder, r *slog.Record) {
	b.enter(e)
	m := b.mark()
	b.openGroups(e)
	closers, some := len(e.groups), false
	r.Attrs(func(a slog.Attr) bool {
		if b.attr(e, a) {
			some = true
		}
		return true
	})
	if !some {
		b.back(m)
		closers = e.nOpen
	}
	if !e.text {
		for range closers {
			b.out = append(b.out, '}')
		}
	}
}

// finish closes the fragment and makes an event of it, or deals with a message
// that is too long.
func (b *Buffer) finish(e *Encoder, ms int64, level slog.Level, record bool) error {
	size := len(b.out) - b.body - b.extra
	if size+b.room > e.max {
		return b.oversize(e, ms, level, record)
	}
	b.out = append(b.out, closing...)
	one := &b.single[0] // what else it has is zero
	one.Time, one.Level, one.Fragment, one.Size = ms, level, b.out, size
	b.events = b.single[:]
	return nil
}

// appendRun appends a finished piece, less its separator if it is the first.
func (b *Buffer) appendRun(r run) {
	if !b.more {
		r.out = r.out[1:]
	}
	b.out = append(b.out, r.out...)
	b.extra += r.extra
	b.more = true
}

// builtins begins the fragment and writes time, level, source and msg.
func (b *Buffer) builtins(e *Encoder, top []slog.Attr, r *slog.Record) int64 {
	if e.replace != nil {
		return b.replacedBuiltins(e, top, r)
	}
	ms, timed := b.beginTimed(r.Time, e.text)
	if timed {
		b.more = true
		if !e.text {
			b.extra += 4
			b.out = append(b.out, `\"`...)
		}
	} else {
		ms = b.slowTime(e, r)
	}
	b.level(e, r.Level)
	if e.opts.AddSource {
		b.source(e, r.PC)
	}
	msg := r.Message
	if e.hooked { // by Redact
		msg = e.redact(slog.MessageKey, msg)
	}
	if e.text {
		b.stringAttr(e, slog.MessageKey, msg)
	} else {
		dst := append(b.out, `,\"msg\":\"`...) // never the first: the level is
		dst, n := escapeTwice(dst, msg)
		b.out = append(dst, `\"`...)
		b.extra += n + 4
	}
	if e.opts.RecordAttrs != nil {
		b.recordAttrs(e, top, r, ms, msg)
	}
	return ms
}

// slowTime begins the fragment of a record with no time, or one far away.
func (b *Buffer) slowTime(e *Encoder, r *slog.Record) int64 {
	at := r.Time
	if at.IsZero() {
		at = time.Now()
	}
	ms := b.beginFragment(at)
	if !e.text {
		b.out = append(b.out, '{')
	}
	if !r.Time.IsZero() {
		b.plainAttr(e, slog.Time(slog.TimeKey, at), slog.KindTime)
	}
	return ms
}

// replacedBuiltins is builtins by way of ReplaceAttr, which sees no groups.
func (b *Buffer) replacedBuiltins(e *Encoder, top []slog.Attr, r *slog.Record) int64 {
	at := r.Time
	if at.IsZero() {
		at = time.Now()
	}
	ms := b.beginFragment(at)
	if !e.text {
		b.out = append(b.out, '{')
	}
	b.builtin = true
	if !r.Time.IsZero() {
		b.attr(e, slog.Time(slog.TimeKey, r.Time))
	}
	b.attr(e, slog.Any(slog.LevelKey, r.Level))
	if e.opts.AddSource {
		// A copy: the function may keep or change what it is given.
		src := e.sources.lookup(r.PC).Source
		b.attr(e, slog.Any(slog.SourceKey, &src))
	}
	b.attr(e, slog.String(slog.MessageKey, r.Message))
	b.builtin = false
	if e.opts.RecordAttrs != nil {
		b.recordAttrs(e, top, r, ms, e.RedactMessage(r.Message))
	}
	return ms
}

// level writes the level field.
func (b *Buffer) level(e *Encoder, l slog.Level) {
	if e.text {
		b.key(e, slog.LevelKey)
		b.out = appendLevel(b.out, l)
		return
	}
	if b.more {
		b.out = append(b.out, `,\"level\":\"`...)
	} else {
		b.out = append(b.out, `\"level\":\"`...)
	}
	b.out = appendLevel(b.out, l)
	b.out = append(b.out, `\"`...)
	b.extra += 4
	b.more = true
}

// appendLevel appends what l.String returns, without making a string.
func appendLevel(dst []byte, l slog.Level) []byte {
	name, base := "DEBUG", slog.LevelDebug
	switch {
	case l == slog.LevelInfo:
		return append(dst, "INFO"...)
	case l >= slog.LevelError:
		name, base = "ERROR", slog.LevelError
	case l >= slog.LevelWarn:
		name, base = "WARN", slog.LevelWarn
	case l > slog.LevelInfo:
		name, base = "INFO", slog.LevelInfo
	}
	dst = append(dst, name...)
	d := l - base
	if d == 0 {
		return dst
	}
	if d > 0 {
		dst = append(dst, '+')
	}
	return strconv.AppendInt(dst, int64(d), 10)
}
