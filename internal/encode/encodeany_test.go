package encode

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

type money struct{ cents int }

func TestEncodeAnyIsAskedAboutWhatHasNoKind(t *testing.T) {
	var asked []any
	hook := func(v any) (any, bool) {
		asked = append(asked, v)
		switch x := v.(type) {
		case money:
			return float64(x.cents) / 100, true
		case complex128:
			return slog.GroupValue(slog.Float64("re", real(x)), slog.Any("im", imag(x))), true
		case chan int:
			panic("a channel")
		case error:
			return map[string]string{"text": x.Error()}, true
		case *money:
			return nil, true
		}
		return nil, false
	}
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.Any("price", money{250}), slog.Int("n", 1), slog.Any("nil", nil), slog.Any("z", complex(1, 2)),
		slog.Group("g", slog.Any("c", make(chan int))), slog.Any("err", errors.New("e")), slog.Any("left", []int{1}), slog.Any("p", &money{}))
	want := map[Format]string{
		JSON: `"msg":"m","price":2.5,"n":1,"nil":null,"z":{"re":1,"im":2},"g":{"c":"!PANIC: a channel"},"err":{"text":"e"},"left":[1],"p":null}`,
		Text: `msg=m price=2.5 n=1 nil=<nil> z.re=1 z.im=2 g.c="!PANIC: a channel" err=map[text:e] left=[1] p=<nil>`,
	}
	for f, want := range want {
		asked = nil
		if got := line(t, New(Options{Format: f, EncodeAny: hook}), r); !strings.HasSuffix(got, want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if len(asked) != 6 {
			t.Errorf("asked %d times: %v", len(asked), asked)
		}
	}
}

// ReplaceAttr comes before, Redact and the name of the log stream after it.
func TestEncodeAnyHasItsPlaceAmongTheHooks(t *testing.T) {
	e := New(Options{
		Capture:     []string{"v"},
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { a.Value = a.Value.Resolve(); return a },
		EncodeAny: func(v any) (any, bool) {
			m, ok := v.(money)
			return strings.Repeat("s", m.cents), ok
		},
		Redact: func(_, v string) string { return strings.ReplaceAll(v, "sss", "x") },
	}).WithAttrs([]slog.Attr{slog.Any("w", money{3})})
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.Any("v", money{4}))
	if got := line(t, e, r); !strings.HasSuffix(got, `"w":"x","v":"xs"}`) {
		t.Error(got)
	}
	if got := captured(e, r); got != "xs" {
		t.Error(got)
	}
}

// Where a call was is no value of the program's: also where a bridge says it, it is
// as with AddSource, though somebody makes text of everything.
func TestEncodeAnyIsNotAskedAboutSources(t *testing.T) {
	e := New(Options{AddSource: true, EncodeAny: func(v any) (any, bool) { return fmt.Sprint(v), true }})
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	b := Get()
	defer b.Free()
	if err := e.RecordTop(b, []slog.Attr{slog.Any(slog.SourceKey, &slog.Source{File: "f.go", Line: 7})}, &r); err != nil {
		t.Fatal(err)
	}
	if got := Message(&b.Events()[0]); !strings.HasSuffix(got, `"msg":"m","source":{"file":"f.go","line":7}}`) {
		t.Error(got)
	}
}
