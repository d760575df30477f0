package encode

import (
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"strconv"
	"time"
)

// jsonAttr writes an attribute of a known kind: this is the way of nearly all
// of them, so that it is all in one place and keeps dst in registers.
func (b *Buffer) jsonAttr(e *Encoder, a slog.Attr, kind slog.Kind) {
	dst := b.out
	if b.more {
		dst = append(dst, `,\"`...)
	} else {
		dst = append(dst, `\"`...)
		b.more = true
	}
	dst, n := escapeTwice(dst, a.Key)
	if kind == slog.KindString {
		dst = append(dst, `\":\"`...)
		var m int
		dst, m = escapeTwice(dst, a.Value.String())
		b.out = append(dst, `\"`...)
		b.extra += n + m + 4
		return
	}
	dst = append(dst, `\":`...)
	b.extra += n + 2
	switch kind {
	case slog.KindInt64:
		b.out = appendInt(dst, a.Value.Int64())
	case slog.KindDuration: // its nanoseconds
		b.out = appendInt(dst, int64(a.Value.Duration()))
	case slog.KindBool:
		b.out = strconv.AppendBool(dst, a.Value.Bool())
	case slog.KindUint64:
		b.out = strconv.AppendUint(dst, a.Value.Uint64(), 10)
	default:
		b.out = dst
		b.jsonRare(e, a.Value, kind)
	}
}

// jsonRare writes a value of one of the less frequent kinds.
func (b *Buffer) jsonRare(e *Encoder, v slog.Value, kind slog.Kind) {
	switch kind {
	case slog.KindTime:
		b.jsonTime(v.Time())
	case slog.KindFloat64:
		b.jsonFloat(v.Float64())
	default:
		b.any(e, v.Any())
	}
}

// jsonKey writes the separator, the key and a colon.
func (b *Buffer) jsonKey(key string) {
	dst := b.out
	if b.more {
		dst = append(dst, `,\"`...)
	} else {
		dst = append(dst, `\"`...)
		b.more = true
	}
	dst, n := escapeTwice(dst, key)
	b.out = append(dst, `\":`...)
	b.extra += n + 2
}

// jsonString writes a string as a value.
func (b *Buffer) jsonString(s string) {
	dst := append(b.out, `\"`...)
	dst, n := escapeTwice(dst, s)
	b.out = append(dst, `\"`...)
	b.extra += n + 2
}

// jsonAny writes v: an error as its text, a struct that has a text and no
// marshaler as its text, anything else as encoding/json does.
func (b *Buffer) jsonAny(v any) error {
	if v == nil {
		b.out = append(b.out, "null"...)
		return nil
	}
	if s, ok := stringLike(v); ok {
		b.jsonString(s)
		return nil
	}
	p, err := b.marshal(v)
	if err != nil {
		return err
	}
	dst, n := escape(b.out, view(p))
	b.out = dst
	b.extra += n
	return nil
}

// stringLike returns the text of a value that is written as such.
func stringLike(v any) (string, bool) {
	switch x := v.(type) {
	case slog.Level:
		return x.String(), true
	case json.Marshaler:
	case error:
		return x.Error(), true
	case encoding.TextMarshaler:
	case fmt.Stringer:
		if isStruct(v) {
			return x.String(), true
		}
	}
	return "", false
}

// isStruct reports whether v is a struct or points to one.
func isStruct(v any) bool {
	t := reflect.TypeOf(v)
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

// jsonFloat writes a number. JSON knows no NaN and no infinity.
func (b *Buffer) jsonFloat(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		b.jsonString("!ERROR:json: unsupported value: " + strconv.FormatFloat(f, 'g', -1, 64))
		return
	}
	b.out = appendFloat(b.out, f)
}

// appendFloat appends the shortest form that JavaScript would write.
func appendFloat(dst []byte, f float64) []byte {
	format := byte('f')
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		format = 'e'
	}
	dst = strconv.AppendFloat(dst, f, format, -1, 64)
	if n := len(dst); format == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1] // e-09 is e-9
		dst = dst[:n-1]
	}
	return dst
}

// jsonTime writes a time to the nanosecond.
func (b *Buffer) jsonTime(t time.Time) {
	if y := t.Year(); y < 0 || y >= 10000 {
		b.jsonString("!ERROR:time.Time year outside of range [0,9999]")
		return
	}
	b.out = append(b.out, `\"`...)
	b.out = t.AppendFormat(b.out, time.RFC3339Nano)
	b.out = append(b.out, `\"`...)
	b.extra += 2
}
