package watchzap_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
	"github.com/watchtower-go/watchtower/test/trial"
)

type user struct {
	name string
	tags []string
}

func (u user) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	enc.AddString("name", u.name)
	return enc.AddArray("tags", zapcore.ArrayMarshalerFunc(func(a zapcore.ArrayEncoder) error {
		for _, t := range u.tags {
			a.AppendString(t)
		}
		return nil
	}))
}

type users []user

func (us users) MarshalLogArray(a zapcore.ArrayEncoder) error {
	for _, u := range us {
		if err := a.AppendObject(u); err != nil {
			return err
		}
	}
	return nil
}

// verbose is an error that says more with %+v.
type verbose struct{}

func (verbose) Error() string { return "short" }
func (verbose) Format(f fmt.State, c rune) {
	if f.Flag('+') {
		fmt.Fprint(f, "long")
		return
	}
	fmt.Fprint(f, "short")
}

// group is an error with several causes, as go.uber.org/multierr makes them.
type group []error

func (group) Error() string     { return "two" }
func (g group) Errors() []error { return g }

type panics struct{}

func (panics) String() string                             { panic("no string") }
func (panics) Error() string                              { panic("no error") }
func (panics) MarshalLogArray(zapcore.ArrayEncoder) error { panic("no array") }
func (panics) MarshalLogObject(e zapcore.ObjectEncoder) error {
	e.AddInt("half", 1)
	panic("no object")
}

func elements(a zapcore.ArrayEncoder) error {
	a.AppendBool(true)
	a.AppendByteString([]byte("b"))
	a.AppendComplex128(complex(1, -2))
	a.AppendComplex64(complex(1, 2))
	a.AppendFloat64(math.Inf(-1))
	a.AppendFloat32(0.1)
	a.AppendInt(-1)
	a.AppendInt64(-64)
	a.AppendInt32(-32)
	a.AppendInt16(-16)
	a.AppendInt8(-8)
	a.AppendString("<s>")
	a.AppendUint(1)
	a.AppendUint64(math.MaxUint64)
	a.AppendUint32(32)
	a.AppendUint16(16)
	a.AppendUint8(8)
	a.AppendUintptr(9)
	a.AppendDuration(time.Second)
	a.AppendTime(time.Unix(0, 0).UTC())
	return errors.Join(
		a.AppendReflected(map[string]int{"a": 1}),
		a.AppendArray(zapcore.ArrayMarshalerFunc(func(a zapcore.ArrayEncoder) error { return nil })),
		a.AppendObject(zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
			e.AddString("z", "<z>")
			e.OpenNamespace("n")
			e.AddInt("a", 1)
			return nil
		})),
	)
}

var fields = []struct {
	field zap.Field
	want  string // the fields in JSON; text is checked by being made
}{
	{zap.Skip(), ``},
	{zap.Bool("k", true), `"k":true`},
	{zap.ByteString("k", []byte("bytes")), `"k":"bytes"`},
	{zap.Binary("k", []byte{1, 2, 255}), `"k":"AQL/"`},
	{zap.Complex128("k", complex(1, -2)), `"k":"1-2i"`},
	{zap.Complex64("k", complex(0.1, 2)), `"k":"0.1+2i"`},
	{zap.Duration("k", 1500*time.Millisecond), `"k":1500000000`},
	{zap.Float64("k", 0.25), `"k":0.25`},
	{zap.Float64("k", math.NaN()), `"k":"NaN"`},
	{zap.Float64("k", math.Inf(1)), `"k":"+Inf"`},
	{zap.Float32("k", 0.1), `"k":0.1`},
	{zap.Int("k", -1), `"k":-1`},
	{zap.Int64("k", math.MinInt64), `"k":-9223372036854775808`},
	{zap.Int32("k", -32), `"k":-32`},
	{zap.Int16("k", -16), `"k":-16`},
	{zap.Int8("k", -8), `"k":-8`},
	{zap.Uint("k", 1), `"k":1`},
	{zap.Uint64("k", math.MaxUint64), `"k":18446744073709551615`},
	{zap.Uint32("k", 32), `"k":32`},
	{zap.Uint16("k", 16), `"k":16`},
	{zap.Uint8("k", 8), `"k":8`},
	{zap.Uintptr("k", 9), `"k":9`},
	{zap.String("k", "a \"b\" <c>"), `"k":"a \"b\" <c>"`},
	{zap.Time("k", time.Unix(1, 5).UTC()), `"k":"1970-01-01T00:00:01.000000005Z"`},
	{zap.Time("k", time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)), `"k":"3000-01-01T00:00:00Z"`},
	{zap.Reflect("k", map[string]any{"b": 1, "a": []int{2}}), `"k":{"a":[2],"b":1}`},
	{zap.Reflect("k", nil), `"k":null`},
	{zap.Reflect("k", json.RawMessage(`[1]`)), `"k":[1]`},
	{zap.Reflect("k", make(chan int)), `"k":"!ERROR:json: unsupported type: chan int"`},
	{zap.Stringer("k", net.IPv4(127, 0, 0, 1)), `"k":"127.0.0.1"`},
	{zap.Stringer("k", (*net.IPNet)(nil)), `"k":"<nil>"`},
	{zap.Error(errors.New("broken")), `"error":"broken"`},
	{zap.NamedError("k", verbose{}), `"k":"short","kVerbose":"long"`},
	{zap.Error(group{errors.New("a"), errors.New("b")}), `"error":"two","errorCauses":[{"error":"a"},{"error":"b"}]`},
	{zap.Error(nil), ``},
	{zap.Object("k", user{"ann", []string{"x", "y"}}), `"k":{"name":"ann","tags":["x","y"]}`},
	{zap.Inline(user{"ann", nil}), `"name":"ann","tags":[]`},
	{zap.Array("k", users{{"ann", nil}, {"bob", []string{"x"}}}), `"k":[{"name":"ann","tags":[]},{"name":"bob","tags":["x"]}]`},
	{zap.Strings("k", []string{"a", "b"}), `"k":["a","b"]`},
	{zap.Strings("k", nil), `"k":[]`},
	{zap.Errors("k", []error{errors.New("a")}), `"k":[{"error":"a"}]`},
	{zap.Intp("k", nil), `"k":null`},
	{zap.Array("k", zapcore.ArrayMarshalerFunc(elements)), `"k":[true,"b","1-2i","1+2i","-Inf",0.1,-1,-64,-32,-16,-8,"<s>",1,18446744073709551615,32,16,8,9,1000000000,"1970-01-01T00:00:00Z",{"a":1},[],{"z":"<z>","n":{"a":1}}]`},
	{zap.Object("k", zapcore.ObjectMarshalerFunc(func(zapcore.ObjectEncoder) error { return nil })), ``},
	{zap.Object("k", zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
		e.AddInt("half", 1)
		return errors.New("broken")
	})), `"k":{"half":1},"kError":"broken"`},
	{zap.Stringer("k", panics{}), `"kError":"PANIC=no string"`},
	{zap.NamedError("k", panics{}), `"kError":"PANIC=no error"`},
	{zap.Array("k", panics{}), `"k":"!PANIC: no array"`},
	{zap.Object("k", panics{}), `"k":"!PANIC: no object"`},
	{zap.Any("k", (*user)(nil)), `"k":"<nil>"`},
	{zap.Inline(panics{}), `"!FIELD":"!PANIC: no object"`},
	{zap.Field{Key: "k"}, `"k":"!PANIC: unknown field type: {k 0 0  <nil>}"`},
}

// Each field is the same whether it is given with the entry, by With, or within a
// namespace.
func TestFieldsOfAnyType(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{LogStreamName: "s"})
	logger := zap.New(watchzap.New(h, nil))
	var want []string
	for _, f := range fields {
		logger.Info("m", f.field)
		logger.With(f.field).Info("m")
		logger.With(zap.Namespace("in"), f.field).Info("m")
		plain, within := `{"level":"INFO","msg":"m"}`, `{"level":"INFO","msg":"m"}`
		if f.want != "" {
			plain, within = `{"level":"INFO","msg":"m",`+f.want+`}`, `{"level":"INFO","msg":"m","in":{`+f.want+`}}`
		}
		want = append(want, plain, plain, within)
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
