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
// of them, so that it keeps what it writes to in registers.
func (b *Buffer) jsonAttr(e *Encoder, a slog.Attr, kind slog.Kind) {
	if kind == slog.KindString {
		b.jsonStringAttr(a.Key, a.Value.String())
		return
	}
	b.jsonKey(a.Key)
	switch kind {
	case slog.KindInt64, slog.KindDuration: // a duration is its nanoseconds
		b.out = strconv.AppendInt(b.out, signed(a.Value, kind), 10)
	case slog.KindUint64:
		b.out = strconv.AppendUint(b.out, a.Value.Uint64(), 10)
	case slog.KindBool:
		b.out = strconv.AppendBool(b.out, a.Value.Bool())
	case slog.KindTime:
		b.jsonTime(a.Value.Time())
	case slog.KindFloat64:
		b.jsonFloat(a.Value.Float64())
	default:
		b.any(e, a.Value.Any())
	}
}

// signed is the number of a value of either kind.
func signed(v slog.Value, kind slog.Kind) int64 {
	if kind == slog.KindDuration {
		return int64(v.Duration())
	}
	return v.Int64()
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

// jsonStringAttr is jsonKey and jsonString in one.
func (b *Buffer) jsonStringAttr(key, value string) {
	dst := b.out
	if b.more {
		dst = append(dst, `,\"`...)
	} else {
		dst = append(dst, `\"`...)
		b.more = true
	}
	dst, n := escapeTwice(dst, key)
	dst = append(dst, `\":\"`...)
	dst, m := escapeTwice(dst, value)
	b.out = append(dst, `\"`...)
	b.extra += n + m + 4
}

// jsonAny writes v: an error as its text, a struct that has a text and no
// marshaler as its text, anything else as encoding/json does.
func (b *Buffer) jsonAny(v any) error {
	switch x := v.(type) {
	case nil:
		b.out = append(b.out, "null"...)
		return nil
	case slog.Level:
		b.jsonString(x.String())
		return nil
	case json.Marshaler:
	case error:
		b.jsonString(x.Error())
		return nil
	case encoding.TextMarshaler:
	case fmt.Stringer:
		if isStruct(v) {
			b.jsonString(x.String())
			return nil
		}
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
