package watchzap

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
)

// An object makes attributes of fields. It is a zapcore.ObjectEncoder, so that
// fields of any type come in by their own AddTo.
type object struct {
	attrs []slog.Attr
	open  []space // the namespaces that are open

	top [2]slog.Attr // room for what stands outside of all groups
}

// space is a namespace: what is behind attrs[from:] is in it.
type space struct {
	name string
	from int
}

var objects = sync.Pool{New: func() any { return new(object) }}

func newObject() *object { return objects.Get().(*object) }

// free gives the object back, unless it has become large.
func (o *object) free() {
	if cap(o.attrs) > 256 {
		return
	}
	clear(o.attrs[:cap(o.attrs)])
	clear(o.top[:])
	o.attrs, o.open = o.attrs[:0], o.open[:0]
	objects.Put(o)
}

// addAll adds fields. It returns the context that they give, or else ctx.
func (o *object) addAll(ctx context.Context, fields []zapcore.Field) context.Context {
	for i := range fields {
		if given := contextOf(&fields[i]); given != nil {
			ctx = given
		} else {
			o.add(&fields[i])
		}
	}
	return ctx
}

// add adds a field. One whose methods panic becomes text.
func (o *object) add(f *zapcore.Field) {
	attrs, open := len(o.attrs), len(o.open)
	defer func() {
		if p := recover(); p != nil {
			o.attrs, o.open = o.attrs[:attrs], o.open[:open]
			o.AddString(panicked(f, p))
		}
	}()
	f.AddTo(o)
}

// panicked is what stands in place of a field. A nil pointer is most likely one
// whose method did not expect it.
func panicked(f *zapcore.Field, p any) (key, text string) {
	text = fmt.Sprintf("!PANIC: %v", p)
	if v := reflect.ValueOf(f.Interface); v.Kind() == reflect.Pointer && v.IsNil() {
		text = "<nil>"
	}
	return cmp.Or(f.Key, "!FIELD"), text
}

// giveTo gives the attributes to a handler, and leaves namespaces open in it.
func (o *object) giveTo(h *watchtower.Handler) *watchtower.Handler {
	var given slog.Handler = h
	from := 0
	for _, s := range o.open {
		given = given.WithAttrs(o.attrs[from:s.from]).WithGroup(s.name)
		from = s.from
	}
	return given.WithAttrs(o.attrs[from:]).(*watchtower.Handler)
}

// closeAll makes groups of the open namespaces.
func (o *object) closeAll() {
	for _, s := range slices.Backward(o.open) {
		within := slices.Clone(o.attrs[s.from:])
		o.attrs = append(o.attrs[:s.from], slog.Attr{Key: s.name, Value: slog.GroupValue(within...)})
	}
	o.open = o.open[:0]
}

// marshal returns what an object says of itself.
func marshal(m zapcore.ObjectMarshaler) ([]slog.Attr, error) {
	var o object
	err := m.MarshalLogObject(&o)
	o.closeAll()
	return o.attrs, err
}

func (o *object) put(key string, v slog.Value) {
	o.attrs = append(o.attrs, slog.Attr{Key: key, Value: v})
}

func (o *object) OpenNamespace(key string) {
	o.open = append(o.open, space{key, len(o.attrs)})
}

// AddObject adds what the object has said, also if it fails then: zap adds the
// error beside it.
func (o *object) AddObject(key string, m zapcore.ObjectMarshaler) error {
	attrs, err := marshal(m)
	o.put(key, slog.GroupValue(attrs...))
	return err
}

func (o *object) AddArray(key string, m zapcore.ArrayMarshaler) error {
	a := array{}
	err := m.MarshalLogArray(&a)
	o.put(key, slog.AnyValue(a))
	return err
}

func (o *object) AddReflected(key string, v any) error {
	o.put(key, slog.AnyValue(v))
	return nil
}

func (o *object) AddBinary(key string, v []byte) {
	o.AddString(key, base64.StdEncoding.EncodeToString(v))
}
func (o *object) AddByteString(key string, v []byte)     { o.AddString(key, string(v)) }
func (o *object) AddBool(key string, v bool)             { o.put(key, slog.BoolValue(v)) }
func (o *object) AddComplex128(key string, v complex128) { o.AddString(key, complexText(v, 128)) }

func (o *object) AddComplex64(key string, v complex64) {
	o.AddString(key, complexText(complex128(v), 64))
}
func (o *object) AddDuration(key string, v time.Duration) { o.put(key, slog.DurationValue(v)) }
func (o *object) AddFloat64(key string, v float64)        { o.put(key, floatValue(v)) }
func (o *object) AddFloat32(key string, v float32)        { o.put(key, floatValue(widen(v))) }
func (o *object) AddInt(key string, v int)                { o.put(key, slog.IntValue(v)) }
func (o *object) AddInt64(key string, v int64)            { o.put(key, slog.Int64Value(v)) }
func (o *object) AddInt32(key string, v int32)            { o.put(key, slog.Int64Value(int64(v))) }

func (o *object) AddInt16(key string, v int16) { o.put(key, slog.Int64Value(int64(v))) }

func (o *object) AddInt8(key string, v int8)      { o.put(key, slog.Int64Value(int64(v))) }
func (o *object) AddString(key, v string)         { o.put(key, slog.StringValue(v)) }
func (o *object) AddTime(key string, v time.Time) { o.put(key, slog.TimeValue(v)) }
func (o *object) AddUint(key string, v uint)      { o.put(key, slog.Uint64Value(uint64(v))) }
func (o *object) AddUint64(key string, v uint64)  { o.put(key, slog.Uint64Value(v)) }
func (o *object) AddUint32(key string, v uint32)  { o.put(key, slog.Uint64Value(uint64(v))) }

func (o *object) AddUint16(key string, v uint16) { o.put(key, slog.Uint64Value(uint64(v))) }

func (o *object) AddUint8(key string, v uint8) { o.put(key, slog.Uint64Value(uint64(v))) }

func (o *object) AddUintptr(key string, v uintptr) { o.put(key, slog.Uint64Value(uint64(v))) }

// floatValue is a number, or its text where JSON has none for it.
func floatValue(v float64) slog.Value {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return slog.StringValue(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return slog.Float64Value(v)
}

// widen keeps the digits that a float32 is written with.
func widen(v float32) float64 {
	wide, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	if err != nil {
		return float64(v)
	}
	return wide
}

// complexText is a complex number without the parentheses around it.
func complexText(v complex128, bits int) string {
	s := strconv.FormatComplex(v, 'f', -1, bits)
	return s[1 : len(s)-1]
}
