package encode

import (
	"fmt"
	"log/slog"
	"reflect"
)

// maxResolve bounds the LogValue calls of one value, maxResolved those of one
// record: values that return more and more values end there.
const (
	maxResolve  = 100
	maxResolved = 10_000
)

// resolve calls LogValue until there is no more to call, or there is a metric, which
// is one as long as nobody calls it, where metrics are wanted.
func (b *Buffer) resolve(v slog.Value) slog.Value {
	if v.Kind() != slog.KindLogValuer {
		return v
	}
	return b.resolveLogValuer(v)
}

func (b *Buffer) resolveLogValuer(v slog.Value) (out slog.Value) {
	defer func() {
		if r := recover(); r != nil {
			out = slog.StringValue(panicText(v.Any(), r))
		}
	}()
	first := v
	for range maxResolve {
		if v.Kind() != slog.KindLogValuer || b.metered() && isMetric(v) {
			return v
		}
		if b.resolved++; b.resolved > maxResolved {
			break
		}
		v = v.LogValuer().LogValue()
	}
	return slog.StringValue(fmt.Sprintf("LogValue called too many times on Value of type %T", first.Any()))
}

// replaced calls ReplaceAttr. Where that panics the value is not written, since
// it may be the one to be hidden.
func (b *Buffer) replaced(e *Encoder, a slog.Attr) (out slog.Attr) {
	defer func() {
		if r := recover(); r != nil {
			out = slog.String(a.Key, fmt.Sprintf("!PANIC: %v", r))
		}
	}()
	if len(b.groups) == 0 || b.builtin { // also inside "source": so does slog
		return e.replace(nil, a)
	}
	return e.replace(b.groups, a)
}

// encodedAny asks Options.EncodeAny about a value. Where that panics the value is
// not written, since it may be the one to be hidden.
func (b *Buffer) encodedAny(e *Encoder, v slog.Value) (out slog.Value) {
	defer func() {
		if r := recover(); r != nil {
			out = slog.StringValue(fmt.Sprintf("!PANIC: %v", r))
		}
	}()
	switch v.Any().(type) {
	case nil, *slog.Source: // which bridges give, and slog has a form of its own for
		return v
	}
	if now, ok := e.opts.EncodeAny(v.Any()); ok {
		return slog.AnyValue(now)
	}
	return v
}

// panicText says what v did, in the words of slog: a nil pointer is most likely
// one whose method did not expect it.
func panicText(v, panicked any) string {
	if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
		return "<nil>"
	}
	return fmt.Sprintf("!PANIC: %v", panicked)
}

// any writes a value that is of no kind of slog's own. What fails or panics
// becomes text; nothing is written before the value's methods have returned.
func (b *Buffer) any(e *Encoder, v any) {
	defer func() {
		if r := recover(); r != nil {
			b.string(e, panicText(v, r))
		}
	}()
	var err error
	if e.text {
		err = b.textAny(v)
	} else {
		err = b.jsonAny(v)
	}
	if err != nil {
		b.string(e, fmt.Sprintf("!ERROR:%v", err))
	}
}
