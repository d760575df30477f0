package encode

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// Values whose methods panic. With a value receiver, a nil pointer panics too.
type (
	panicValuer   struct{}
	panicStringer struct{}
	panicError    struct{}
	panicJSON     struct{}
	panicMarshal  struct{}
	worse         struct{}
)

func (panicValuer) LogValue() slog.Value          { panic("boom") }
func (panicStringer) String() string              { panic("boom") }
func (panicError) Error() string                  { panic("boom") }
func (panicJSON) MarshalJSON() ([]byte, error)    { panic("boom") }
func (panicMarshal) MarshalText() ([]byte, error) { panic("boom") }
func (worse) LogValue() slog.Value                { panic(worse{}) }
func (worse) Error() string                       { panic("boom again") }
func (endless) LogValue() slog.Value              { return slog.AnyValue(endless{}) }
func (forest) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("a", forest{}), slog.Any("b", forest{}))
}
func (failJSON) MarshalJSON() ([]byte, error) { return nil, errors.New("cannot") }

func (l loggingValuer) LogValue() slog.Value {
	l.logger.Info("inner")
	return slog.StringValue("v")
}

func (l loggingMarshaler) MarshalJSON() ([]byte, error) {
	l.logger.Info("inner", "any", []int{1})
	return []byte(`{"a":2}`), nil
}

type (
	endless          struct{}
	forest           struct{}
	failJSON         struct{}
	loggingValuer    struct{ logger *slog.Logger }
	loggingMarshaler struct{ logger *slog.Logger }
)

func TestPanicBecomesText(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{panicValuer{}, "!PANIC: boom"},
		{panicStringer{}, "!PANIC: boom"},
		{panicError{}, "!PANIC: boom"},
		{panicJSON{}, "!PANIC: boom"},
		{panicMarshal{}, "!PANIC: boom"},
		{(*panicStringer)(nil), "<nil>"},
		{(*panicError)(nil), "<nil>"},
		{(*panicValuer)(nil), "<nil>"},
	} {
		r := slog.NewRecord(time.Time{}, 0, "m", 0)
		r.AddAttrs(slog.Any("before", 1), slog.Any("v", c.v), slog.Int("after", 2))
		var got map[string]any
		if err := json.Unmarshal([]byte(line(t, New(Options{}), r)), &got); err != nil {
			t.Fatal(err)
		}
		if got["v"] != c.want || got["after"] != 2.0 {
			t.Errorf("%T became %v, want %q", c.v, got, c.want)
		}
		text := line(t, New(Options{Format: Text, Capture: []string{"v"}}), r)
		if !strings.HasSuffix(text, " after=2") {
			t.Errorf("%T became %s", c.v, text)
		}
	}
}

func TestPanicOfAPanicBecomesText(t *testing.T) {
	r := slog.NewRecord(time.Time{}, 0, "m", 0)
	r.AddAttrs(slog.Any("v", worse{}))
	if got := line(t, New(Options{}), r); !strings.Contains(got, `"v":"!PANIC: `) {
		t.Error(got)
	}
}

func TestReplaceAttrThatPanicsHidesTheValue(t *testing.T) {
	e := New(Options{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "password" {
			panic("boom")
		}
		return a
	}})
	r := slog.NewRecord(time.Time{}, 0, "m", 0)
	r.AddAttrs(slog.String("password", "secret"))
	if got, want := line(t, e, r), `{"level":"INFO","msg":"m","password":"!PANIC: boom"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestEndlessLogValuersEnd(t *testing.T) {
	for _, v := range []any{endless{}, forest{}} {
		for _, format := range []Format{JSON, Text} {
			r := slog.NewRecord(time.Time{}, 0, "m", 0)
			r.AddAttrs(slog.Any("v", v))
			got := line(t, New(Options{Format: format}), r)
			if v == (forest{}) && !strings.Contains(got, "nested too deep") {
				t.Errorf("a group within itself has no bound: %.1000s", got)
			}
		}
	}
}

func TestMarshalErrorBecomesText(t *testing.T) {
	r := slog.NewRecord(time.Time{}, 0, "m", 0)
	r.AddAttrs(slog.Any("v", failJSON{}))
	if got := line(t, New(Options{}), r); !strings.Contains(got, `"v":"!ERROR:json: error calling MarshalJSON`) {
		t.Error(got)
	}
}

func TestValueThatLogsDoesNotDisturbItsRecord(t *testing.T) {
	var got []string
	h := testHandler{New(Options{}), func(b *Buffer, err error) {
		got = append(got, decode(t, &b.Events()[0]))
	}}
	r := slog.NewRecord(time.Time{}, 0, "outer", 0)
	logger := slog.New(h)
	r.AddAttrs(slog.Int("a", 1), slog.Any("v", loggingValuer{logger}), slog.Any("j", loggingMarshaler{logger}))
	if err := h.Handle(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	want := `{"level":"INFO","msg":"outer","a":1,"v":"v","j":{"a":2}}`
	if len(got) != 3 || got[2] != want {
		t.Errorf("%q, want the last to be %s", got, want)
	}
}

func TestFormatterThatPanicsIsAnError(t *testing.T) {
	e := New(Options{NewFormatter: func(w io.Writer) slog.Handler {
		return slog.NewTextHandler(panicWriter{w}, nil)
	}})
	b := Get()
	defer b.Free()
	err := e.Record(b, slog.NewRecord(time.Now(), 0, "m", 0))
	if err == nil || len(b.Events()) != 0 {
		t.Errorf("error %v and %d events, want an error and none", err, len(b.Events()))
	}
}

type panicWriter struct{ io.Writer }

func (panicWriter) Write([]byte) (int, error) { panic(fmt.Errorf("boom")) }
