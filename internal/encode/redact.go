package encode

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime"
	"slices"
	"strconv"
)

// redact calls Options.Redact. Where that panics neither the value nor what it
// panicked with is written, since that may hold the value.
func (e *Encoder) redact(key, value string) (out string) {
	defer func() {
		if r := recover(); r != nil {
			out = "!PANIC: in Redact"
			if err, ok := r.(runtime.Error); ok {
				out += ": " + err.Error()
			}
		}
	}()
	return e.opts.Redact(key, value)
}

// RedactMessage returns msg as Options.Redact wants the message of a record.
func (e *Encoder) RedactMessage(msg string) string {
	if e.opts.Redact == nil {
		return msg
	}
	return e.redact(slog.MessageKey, msg)
}

// redactedLine returns a line as Options.Redact wants it. Redact may keep what it
// is given, so it gets no memory of the caller's.
func (e *Encoder) redactedLine(line string) string {
	if e.opts.Redact == nil {
		return line
	}
	return e.redact("", string([]byte(line)))
}

// redactedError returns err, or an error with its redacted text and no cause.
func (e *Encoder) redactedError(err error) error {
	if e.opts.Redact == nil {
		return err
	}
	was := err.Error()
	if now := e.redact("", was); now != was {
		return errors.New(now)
	}
	return err
}

// redactedAttr writes an attribute of a known kind by way of Redact: resolved,
// replaced, and not a group.
func (b *Buffer) redactedAttr(e *Encoder, a slog.Attr) {
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(e.redact(a.Key, a.Value.String()))
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		a.Value = b.redactedNumber(e, a)
	case slog.KindAny:
		if b.redactedAny(e, &a) {
			return
		}
	}
	b.plainAttr(e, a, a.Value.Kind())
}

// redactedNumber returns the value of a, a number, or what Redact makes of its text:
// another number where that is one in JSON, else a string.
func (b *Buffer) redactedNumber(e *Encoder, a slog.Attr) slog.Value {
	var room [32]byte
	was := string(appendNumber(room[:0], a.Value))
	now := e.redact(a.Key, was)
	switch {
	case now == was:
		return a.Value
	case now != "" && (now[0] == '-' || '0' <= now[0] && now[0] <= '9') && json.Valid([]byte(now)):
		return slog.AnyValue(json.Number(now))
	}
	return slog.StringValue(now)
}

// appendNumber appends the text of a number.
func appendNumber(dst []byte, v slog.Value) []byte {
	switch v.Kind() {
	case slog.KindInt64:
		return strconv.AppendInt(dst, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(dst, v.Uint64(), 10)
	}
	return appendFloat(dst, v.Float64())
}

// redactedAny turns the value of a into its redacted text or, where that is JSON
// and no string, writes a and reports that it did.
func (b *Buffer) redactedAny(e *Encoder, a *slog.Attr) bool {
	v := a.Value.Any()
	switch v.(type) {
	case nil, slog.Level:
		return false
	}
	if e.text {
		text, isBytes := textOf(v)
		text = e.redact(a.Key, text)
		a.Value = slog.StringValue(text)
		if isBytes {
			a.Value = slog.AnyValue([]byte(text)) // quoted in any case
		}
		return false
	}
	if p, ok := encodedBytes(v); ok {
		if out := e.redact(a.Key, string(p)); out != string(p) {
			a.Value = slog.AnyValue([]byte(out))
		}
		return false
	}
	text, raw := b.jsonOf(v)
	if raw == nil {
		a.Value = slog.StringValue(e.redact(a.Key, text))
		return false
	}
	isString := raw[0] == '"'
	if !isString {
		text = string(e.redactWithin(a.Key, raw))
	}
	out := e.redact(a.Key, text)
	if isString && out != text || !isString && !json.Valid([]byte(out)) {
		a.Value = slog.StringValue(out)
		return false
	}
	changed := !isString && out != string(raw)
	if !isString {
		raw = []byte(out)
	}
	if changed { // the plain text of the value would show what is hidden
		b.captureAs(e, a.Key, out)
	} else {
		b.captureRedacted(e, *a)
	}
	b.jsonKey(a.Key)
	dst, n := escape(b.out, view(raw))
	b.out = dst
	b.extra += n
	return true
}

// captureAs captures a text for a value.
func (b *Buffer) captureAs(e *Encoder, key, text string) {
	if e.captured != nil && b.depth == 0 && !b.builtin {
		b.capture(e, slog.String(key, text))
	}
}

// encodedBytes returns the bytes of a value that encoding/json writes in base64.
func encodedBytes(v any) ([]byte, bool) {
	switch v.(type) {
	case json.Marshaler, encoding.TextMarshaler, error:
		return nil, false
	case []byte:
	default:
		if t := reflect.TypeOf(v); t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Uint8 || marshals(reflect.PointerTo(t.Elem())) {
			return nil, false
		}
	}
	p := reflect.ValueOf(v).Bytes()
	return p, p != nil
}

// marshals reports whether values of a type say themselves what their JSON is.
func marshals(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// captureRedacted is capture for a value that is not written as a text: a name of
// a log stream is made of its plain text.
func (b *Buffer) captureRedacted(e *Encoder, a slog.Attr) {
	if e.captured == nil || b.depth > 0 || b.builtin || !slices.Contains(e.opts.Capture, a.Key) {
		return
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(e.redact(a.Key, a.Value.String()))
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		a.Value = b.redactedNumber(e, a)
	case slog.KindAny:
		a.Value = slog.StringValue(e.redact(a.Key, plainAny(a.Value.Any())))
	}
	b.capture(e, a)
}

// textOf returns what textAny would write, and whether it was bytes.
func textOf(v any) (text string, isBytes bool) {
	defer func() {
		if r := recover(); r != nil {
			text, isBytes = panicText(v, r), false
		}
	}()
	if m, ok := v.(encoding.TextMarshaler); ok {
		p, err := m.MarshalText()
		if err != nil {
			return fmt.Sprintf("!ERROR:%v", err), false
		}
		return string(p), false
	}
	if p, ok := byteSlice(v); ok {
		return string(p), true
	}
	return fmt.Sprintf("%+v", v), false
}

// jsonOf returns the text of what jsonAny would write and, where encoding/json
// does that, its JSON. The text of a JSON string is what it stands for.
func (b *Buffer) jsonOf(v any) (text string, raw []byte) {
	defer func() {
		if r := recover(); r != nil {
			text, raw = panicText(v, r), nil
		}
	}()
	if s, ok := stringLike(v); ok {
		return s, nil
	}
	p, err := b.marshal(v)
	if err != nil {
		return fmt.Sprintf("!ERROR:%v", err), nil
	}
	raw = slices.Clone(p) // Redact may log, and so use b.std of another buffer, or keep it
	if raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err == nil {
			return text, raw
		}
	}
	return string(raw), raw
}
