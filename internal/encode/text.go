package encode

import (
	"encoding"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// textKey writes the separator, the names of the open groups, the key and "=".
func (b *Buffer) textKey(key string) {
	if b.more {
		b.out = append(b.out, ' ')
	}
	b.more = true
	if len(b.prefix) == 0 {
		b.textString(key)
	} else {
		b.scratch = append(append(b.scratch[:0], b.prefix...), key...)
		// Quoted as a whole if either half must be; an empty key counts as such.
		if key == "" || needsQuoting(view(b.scratch)) {
			b.textQuoted(string(b.scratch))
		} else {
			b.textEscaped(view(b.scratch))
		}
	}
	b.out = append(b.out, '=')
}

// textString writes s, quoted where slog.TextHandler quotes.
func (b *Buffer) textString(s string) {
	if needsQuoting(s) {
		b.textQuoted(s)
	} else {
		b.textEscaped(s)
	}
}

// textQuoted writes s in quotation marks, as strconv.Quote does; what consists
// of blanks and words, as most messages do, needs no help from there.
func (b *Buffer) textQuoted(s string) {
	if next(s, 0) == len(s) && strings.IndexByte(s, 0x7f) < 0 {
		b.out = append(append(append(b.out, `\"`...), s...), `\"`...)
		b.extra += 2
		return
	}
	b.scratch = strconv.AppendQuote(b.scratch[:0], s)
	b.textEscaped(view(b.scratch))
}

// textEscaped writes s as it is.
func (b *Buffer) textEscaped(s string) {
	dst, n := escape(b.out, s)
	b.out = dst
	b.extra += n
}

// textValue writes a value of a known kind, resolved and not a group.
func (b *Buffer) textValue(e *Encoder, v slog.Value, kind slog.Kind) {
	switch kind {
	case slog.KindString:
		b.textString(v.String())
	case slog.KindInt64:
		b.out = strconv.AppendInt(b.out, v.Int64(), 10)
	case slog.KindUint64:
		b.out = strconv.AppendUint(b.out, v.Uint64(), 10)
	case slog.KindFloat64:
		b.out = strconv.AppendFloat(b.out, v.Float64(), 'g', -1, 64)
	case slog.KindBool:
		b.out = strconv.AppendBool(b.out, v.Bool())
	case slog.KindDuration:
		b.out = append(b.out, v.Duration().String()...)
	case slog.KindTime:
		b.out = v.Time().AppendFormat(b.out, textTime)
	default:
		b.any(e, v.Any())
	}
}

// textAny writes a value that is of no kind of slog's own.
func (b *Buffer) textAny(v any) error {
	if m, ok := v.(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		if err == nil {
			b.textString(string(text))
		}
		return err
	}
	if p, ok := byteSlice(v); ok {
		b.textQuoted(string(p))
		return nil
	}
	b.textString(fmt.Sprintf("%+v", v))
	return nil
}

// byteSlice returns v as bytes if that is what it is, whatever its type is called.
func byteSlice(v any) ([]byte, bool) {
	if p, ok := v.([]byte); ok {
		return p, true
	}
	t := reflect.TypeOf(v)
	if t != nil && t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
		return reflect.ValueOf(v).Bytes(), true
	}
	return nil, false
}

// needsQuoting reports whether slog.TextHandler quotes s: it is empty, or holds
// a blank, an equals sign, or something that JSON would escape or nobody could
// see, except for backslashes.
func needsQuoting(s string) bool {
	if s == "" {
		return true
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c <= ' ' || c == '"' || c == '=' {
				return true
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return true
		}
		i += n
	}
	return false
}

// textTime is RFC 3339 with milliseconds, always three digits.
const textTime = "2006-01-02T15:04:05.000Z07:00"

// appendPlain appends the text of a resolved value with no quotation marks.
func appendPlain(dst []byte, v slog.Value) []byte {
	switch v.Kind() {
	case slog.KindString:
		return append(dst, v.String()...)
	case slog.KindInt64:
		return strconv.AppendInt(dst, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(dst, v.Uint64(), 10)
	case slog.KindBool:
		return strconv.AppendBool(dst, v.Bool())
	case slog.KindTime:
		return v.Time().AppendFormat(dst, time.RFC3339Nano)
	case slog.KindAny:
		return append(dst, plainAny(v.Any())...)
	}
	return append(dst, v.String()...)
}

// plainAny is the text of a value of no kind of slog's own.
func plainAny(v any) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = panicText(v, r)
		}
	}()
	switch x := v.(type) {
	case error:
		return x.Error()
	case encoding.TextMarshaler:
		if text, err := x.MarshalText(); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(v)
}
