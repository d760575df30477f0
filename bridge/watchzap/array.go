package watchzap

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.uber.org/zap/zapcore"
)

// An array holds the elements of a zapcore.ArrayMarshaler, as encoding/json and
// fmt take them.
type array []any

func (a *array) add(v any) { *a = append(*a, v) }

func (a *array) AppendArray(m zapcore.ArrayMarshaler) error {
	inner := array{}
	err := m.MarshalLogArray(&inner)
	a.add(inner)
	return err
}

func (a *array) AppendObject(m zapcore.ObjectMarshaler) error {
	attrs, err := marshal(m)
	left := maxResolved
	a.add(element(resolved(attrs, 0, &left)))
	return err
}

func (a *array) AppendReflected(v any) error {
	a.add(v)
	return nil
}

func (a *array) AppendBool(v bool)              { a.add(v) }
func (a *array) AppendByteString(v []byte)      { a.add(string(v)) }
func (a *array) AppendComplex128(v complex128)  { a.add(complexText(v, 128)) }
func (a *array) AppendComplex64(v complex64)    { a.add(complexText(complex128(v), 64)) }
func (a *array) AppendDuration(v time.Duration) { a.add(v) }
func (a *array) AppendTime(v time.Time)         { a.add(v) }
func (a *array) AppendFloat64(v float64)        { a.add(floatValue(v).Any()) }
func (a *array) AppendFloat32(v float32)        { a.add(floatValue(widen(v)).Any()) }
func (a *array) AppendInt(v int)                { a.add(v) }
func (a *array) AppendInt64(v int64)            { a.add(v) }
func (a *array) AppendInt32(v int32)            { a.add(v) }
func (a *array) AppendInt16(v int16)            { a.add(v) }
func (a *array) AppendInt8(v int8)              { a.add(v) }
func (a *array) AppendString(v string)          { a.add(v) }
func (a *array) AppendUint(v uint)              { a.add(v) }
func (a *array) AppendUint64(v uint64)          { a.add(v) }
func (a *array) AppendUint32(v uint32)          { a.add(v) }
func (a *array) AppendUint16(v uint16)          { a.add(v) }
func (a *array) AppendUint8(v uint8)            { a.add(v) }
func (a *array) AppendUintptr(v uintptr)        { a.add(v) }

// An element is an object in an array. Its fields keep their order in JSON, which
// a map would not.
type element []slog.Attr

func (e element) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, a := range e {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(a.Key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := encode(enc, a.Value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encode writes v. What fails or panics becomes text, and spoils no other field.
func encode(enc *json.Encoder, v slog.Value) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = enc.Encode(fmt.Sprintf("!PANIC: %v", p))
		}
	}()
	if err := enc.Encode(plain(v)); err != nil {
		return enc.Encode("!ERROR:" + err.Error())
	}
	return nil
}

const (
	// maxDepth bounds groups within groups, and maxResolved the LogValuers of an
	// object that are asked: one can return a group that contains itself, even twice.
	maxDepth    = 100
	maxResolved = 1000
)

// resolved returns the attributes with what their LogValuers stand for: nobody else
// asks these. left is how many may still be asked.
func resolved(attrs []slog.Attr, depth int, left *int) []slog.Attr {
	attrs = slices.Clone(attrs)
	for i := range attrs {
		v := attrs[i].Value
		if v.Kind() == slog.KindLogValuer {
			if *left--; *left < 0 {
				attrs[i].Value = slog.StringValue("!ERROR:too many LogValue calls")
				continue
			}
			v = v.Resolve()
		}
		if v.Kind() == slog.KindGroup {
			if depth == maxDepth {
				v = slog.StringValue("!ERROR:groups nested too deep")
			} else {
				v = slog.GroupValue(resolved(v.Group(), depth+1, left)...)
			}
		}
		attrs[i].Value = v
	}
	return attrs
}

// plain is a resolved value as encoding/json takes it, so that it is in an array as
// elsewhere.
func plain(v slog.Value) any {
	if v.Kind() == slog.KindGroup {
		return element(v.Group())
	}
	if err, ok := v.Any().(error); ok {
		if _, ok := err.(json.Marshaler); !ok {
			return err.Error()
		}
	}
	return v.Any()
}
