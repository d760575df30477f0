package encode

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

func attrsOf(t *testing.T, names ...string) (attrs []pyrecord.Attr) {
	t.Helper()
	for _, name := range names {
		a, err := pyrecord.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		attrs = append(attrs, a)
	}
	return attrs
}

func TestRecordAttrsFollowTheMessage(t *testing.T) {
	attrs := attrsOf(t, "levelname", "name", "taskName", "message")
	hide := func(_, v string) string { return strings.ReplaceAll(v, "WARNING", "-") }
	rename := func(groups []string, a slog.Attr) slog.Attr {
		switch {
		case len(groups) > 0:
		case a.Key == "levelname":
			a.Key = "severity"
		case a.Key == "message", a.Key == slog.LevelKey:
			return slog.Attr{}
		}
		return a
	}
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"JSON":     {Options{}, `{"level":"WARN","msg":"a WARNING","levelname":"WARNING","name":"db","taskName":null,"message":"a WARNING","logger":"db","g":{"name":"x"}}`},
		"text":     {Options{Format: Text}, `level=WARN msg="a WARNING" levelname=WARNING name=db taskName=<nil> message="a WARNING" logger=db g.name=x`},
		"redacted": {Options{Redact: hide}, `{"level":"WARN","msg":"a -","levelname":"WARNING","name":"db","taskName":null,"message":"a -","logger":"db","g":{"name":"x"}}`},
		"replaced": {Options{ReplaceAttr: rename}, `{"msg":"a WARNING","severity":"WARNING","name":"db","taskName":null,"logger":"db","g":{"name":"x"}}`},
		"captured": {Options{Capture: []string{"name"}}, `{"level":"WARN","msg":"a WARNING","levelname":"WARNING","name":"db","taskName":null,"message":"a WARNING","logger":"db","g":{"name":"x"}}`},
	} {
		c.o.RecordAttrs, c.o.LoggerKey = attrs, "logger"
		r := slog.NewRecord(time.Time{}, slog.LevelWarn, "a WARNING", 0)
		r.AddAttrs(slog.String("name", "x"))
		e := New(c.o).Named("db").WithGroup("g")
		if got := line(t, e, r); got != c.want {
			t.Errorf("%s: got  %s\nwant %s", name, got, c.want)
		}
		if e.sources != nil {
			t.Errorf("%s: the source is looked for, and not shown", name)
		}
	}
}

// Other loggers give the place as an attribute, and no program counter.
func TestRecordAttrsKnowThePlaceThatAnotherLoggerGives(t *testing.T) {
	src := slog.Any(slog.SourceKey, &slog.Source{Function: "example.com/app.Serve", File: "/src/app/serve.go", Line: 12})
	attrs := attrsOf(t, "lineno", "funcName", "pathname", "module", "filename")
	for name, c := range map[string]struct {
		top  []slog.Attr
		want string
	}{
		"a place":   {[]slog.Attr{slog.Int("n", 1), src}, `"lineno":12,"funcName":"Serve","pathname":"/src/app/serve.go","module":"serve","filename":"serve.go","n":1,`},
		"none":      {[]slog.Attr{slog.String(slog.SourceKey, "x"), slog.Any("src", src.Value.Any())}, `"lineno":0,"funcName":"(unknown function)"`},
		"nil":       {[]slog.Attr{slog.Any(slog.SourceKey, (*slog.Source)(nil))}, `"lineno":0,"funcName":"(unknown function)"`},
		"no others": {nil, `"lineno":0,"funcName":"(unknown function)"`},
	} {
		for _, replace := range []func([]string, slog.Attr) slog.Attr{nil, func(_ []string, a slog.Attr) slog.Attr { return a }} {
			b := Get()
			r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
			if err := New(Options{RecordAttrs: attrs, ReplaceAttr: replace}).RecordTop(b, c.top, &r); err != nil {
				t.Fatal(err)
			}
			if got := Message(&b.Events()[0]); !strings.Contains(got, c.want) {
				t.Errorf("%s: %s", name, got)
			}
			b.Free()
		}
	}
}

// A record without a time was made now, as each of Python's is.
func TestRecordAttrsOfNow(t *testing.T) {
	got := line(t, New(Options{RecordAttrs: attrsOf(t, "created")}), slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0))
	if !strings.Contains(got, `"created":1`) && !strings.Contains(got, `"created":2`) {
		t.Error(got)
	}
}
