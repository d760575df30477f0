package encode

import (
	"encoding/json"
	"io"
	"log/slog"
	"testing"
	"time"
)

// lineTop is line with attributes at the top level.
func lineTop(t *testing.T, e *Encoder, top []slog.Attr, r slog.Record) string {
	t.Helper()
	b := Get()
	defer b.Free()
	if err := e.RecordTop(b, top, &r); err != nil {
		t.Fatal(err)
	}
	return decode(t, &b.Events()[0])
}

// topForms are the ways in which a record becomes a message.
var topForms = map[string]Options{
	"json": {}, "text": {Format: Text},
	"json formatter": {NewFormatter: func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }},
	"text formatter": {NewFormatter: func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }},
}

func TestTopAttrsStandBetweenNameAndWith(t *testing.T) {
	top := attrs("trace", "t", slog.Group("o", "k", 1), slog.Group("", "inline", true), slog.Group("empty"))
	json := `{"level":"INFO","msg":"m","logger":"app","trace":"t","o":{"k":1},"inline":true,"w":1,"g":{"x":2,"h":{"a":3}}}`
	text := `level=INFO msg=m logger=app trace=t o.k=1 inline=true w=1 g.x=2 g.h.a=3`
	for name, o := range topForms {
		o.LoggerKey = "logger"
		e := New(o).Named("app").WithAttrs(attrs("w", 1)).WithGroup("g").WithAttrs(attrs("x", 2)).WithGroup("h")
		want := json
		if name[:4] == "text" {
			want = text
		}
		for range 2 { // the second time with a handler of the pool
			r := slog.NewRecord(time.Time{}, 0, "m", 0)
			r.AddAttrs(slog.Int("a", 3))
			if got := lineTop(t, e, top, r); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
			}
		}
	}
}

func TestNoTopAttrsChangeNothing(t *testing.T) {
	for name, o := range topForms {
		o.LoggerKey = "logger"
		e := New(o).Named("app").WithGroup("g").WithAttrs(attrs("w", 1))
		r := slog.NewRecord(time.Time{}, 0, "m", 0)
		want := line(t, e, r)
		for _, top := range [][]slog.Attr{nil, {}, {{}}, attrs(slog.Group("empty"))} {
			if got := lineTop(t, e, top, r); got != want {
				t.Errorf("%s, %v: %s, want %s", name, top, got, want)
			}
		}
	}
}

func TestReplaceAttrSeesTopAttrsOutsideOfGroups(t *testing.T) {
	e := New(Options{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && (a.Key == slog.LevelKey || a.Key == slog.MessageKey) {
			return slog.Attr{}
		}
		if a.Key == "trace" && len(groups) == 0 {
			return slog.String("id", a.Value.String())
		}
		return a
	}})
	e = e.WithGroup("g").WithAttrs(attrs("trace", "in"))
	r := slog.NewRecord(time.Time{}, 0, "m", 0)
	if got, want := lineTop(t, e, attrs("trace", "t"), r), `{"id":"t","g":{"trace":"in"}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestCaptureTakesTheLastOfTopWithAndRecord(t *testing.T) {
	for name, o := range topForms {
		o.Capture = []string{"k"}
		base := New(o)
		for _, c := range []struct {
			e      *Encoder
			record []slog.Attr
			want   string
		}{
			{base, nil, "top"},
			{base.WithGroup("g"), attrs("k", "in"), "top"},
			{base.WithAttrs(attrs("k", "with")), nil, "with"},
			{base.WithAttrs(attrs("k", "with")), attrs("k", "record"), "record"},
			{base.WithAttrs(attrs("other", "with")), nil, "top"},
		} {
			b := Get()
			r := slog.NewRecord(time.Time{}, 0, "m", 0)
			r.AddAttrs(c.record...)
			if err := c.e.RecordTop(b, attrs("k", "top"), &r); err != nil {
				t.Fatal(err)
			}
			if got := string(b.Captured(0)); got != c.want {
				t.Errorf("%s: captured %q, want %q of %s", name, got, c.want, decode(t, &b.Events()[0]))
			}
			b.Free()
		}
	}
}

func TestTopAttrThatPanicsBecomesText(t *testing.T) {
	for name, o := range topForms {
		got := lineTop(t, New(o), attrs("v", panicValuer{}), slog.NewRecord(time.Time{}, 0, "m", 0))
		if name == "json" && !json.Valid([]byte(got)) || name == "text" && got != `level=INFO msg=m v="!PANIC: boom"` {
			t.Errorf("%s: %s", name, got)
		}
	}
}
