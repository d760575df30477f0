package logconfig_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/logconfig"
)

// A screen is a standard output that a test can look at while others write.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

// take returns what was written since the last call.
func (s *screen) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.buf.Reset()
	return s.buf.String()
}

// start starts a document with a standard output that is returned.
func start(t *testing.T, doc string) (*logconfig.Config, *screen) {
	t.Helper()
	out := &screen{}
	cfg, err := logconfig.Read(strings.NewReader(doc), &logconfig.Options{
		Stdout: out, Stderr: out, OnError: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return cfg, out
}

const treeDoc = `
version: 1
formatters:
  a: {format: "a %(name)s %(levelname)s %(message)s"}
  b: {format: "b %(name)s %(levelname)s %(message)s"}
filters:
  db: {name: app.db}
  quiet: {level: ERROR}
  chatty: {max_level: INFO}
handlers:
  a: {class: logging.StreamHandler, formatter: a, stream: ext://sys.stdout}
  b: {class: logging.StreamHandler, formatter: b, level: ERROR}
  onlydb: {class: logging.StreamHandler, formatter: b, filters: [db]}
  small: {class: stream, formatter: b, filters: [chatty]}
root: {handlers: [a]}
loggers:
  app: {level: DEBUG, handlers: [b]}
  app.quiet: {filters: [quiet]}
  alone: {level: INFO, handlers: [b], propagate: false}
  filtered: {level: 10, handlers: [onlydb, small], propagate: no}
  app.db: {handlers: [onlydb]}
  numbers: {level: 25}
  critical: {level: FATAL}
`

func TestTreeHasPythonsRules(t *testing.T) {
	cfg, out := start(t, treeDoc)
	cases := []struct {
		logger string
		level  slog.Level
		want   string
	}{
		{"", slog.LevelInfo, ""}, // the root has WARNING
		{"root", slog.LevelWarn, "a root WARNING m\n"},
		{"other.deep.name", slog.LevelWarn, "a other.deep.name WARNING m\n"},
		{"other", slog.LevelInfo, ""},
		{"app", slog.LevelDebug, "a app DEBUG m\n"},
		{"app.x", slog.LevelDebug, "a app.x DEBUG m\n"}, // the ancestors' levels do not count
		{"app.x", slog.LevelError, "b app.x ERROR m\na app.x ERROR m\n"},
		{"apple", slog.LevelDebug, ""},
		{"app.quiet", slog.LevelWarn, ""},
		{"app.quiet", slog.LevelError, "b app.quiet ERROR m\na app.quiet ERROR m\n"},
		{"app.quiet.below", slog.LevelWarn, "a app.quiet.below WARNING m\n"}, // a filter is its logger's alone
		{"alone", slog.LevelInfo, ""},
		{"alone.below", slog.LevelError, "b alone.below ERROR m\n"},
		{"app.db", slog.LevelInfo, "b app.db INFO m\na app.db INFO m\n"},
		{"app.db.pool", slog.LevelInfo, "b app.db.pool INFO m\na app.db.pool INFO m\n"},
		{"filtered", slog.LevelInfo, "b filtered INFO m\n"},
		{"filtered", slog.LevelWarn, ""},
		{"numbers", slog.LevelInfo + 1, ""},
		{"numbers", slog.LevelInfo + 2, "a numbers Level 25 m\n"},
		{"critical", slog.LevelError, ""},
		{"critical", slog.LevelError + 4, "a critical CRITICAL m\n"},
	}
	for _, c := range cases {
		log := cfg.Logger(c.logger)
		log.Log(t.Context(), c.level, "m")
		if diff := cmp.Diff(c.want, out.take()); diff != "" {
			t.Errorf("%q at %v (-want +got):\n%s", c.logger, c.level, diff)
		}
		if log.Enabled(t.Context(), c.level) != (c.want != "") && c.logger != "app.quiet" && c.logger != "filtered" && c.logger != "alone" {
			t.Errorf("%q at %v: Enabled says otherwise", c.logger, c.level)
		}
	}
}

func TestAttributesThatTheFormatDoesNotNameStandBehindTheMessage(t *testing.T) {
	cfg, out := start(t, `
version: 1
formatters: {f: {format: "[%(tenant)s] %(message)s", defaults: {tenant: nobody}}}
handlers: {out: {class: logging.StreamHandler, formatter: f}}
root: {level: DEBUG, handlers: [out]}
`)
	log := cfg.Logger("app")
	log.Info("hello")
	log.Info("hello", "tenant", "t1", "n", 1, "text", "two words", "level", "mine", "msg", "too")
	log.With("tenant", "t2").WithGroup("g").Info("hello", "a", 1, slog.Group("h", "b", true))
	log.WithGroup("g").Info("hello")
	log.WithGroup("g").With("x", 1).WithGroup("empty").Info("hello")
	want := `[nobody] hello
[t1] hello n=1 text="two words" level=mine msg=too
[t2] hello g.a=1 g.h.b=true
[nobody] hello
[nobody] hello g.x=1
`
	if diff := cmp.Diff(want, out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMapOrStructAloneIsTheMessage(t *testing.T) {
	cfg, out := start(t, `
version: 1
handlers: {out: {class: logging.StreamHandler}}
root: {level: DEBUG, handlers: [out]}
`)
	log := cfg.Logger("app")
	log.Info("", "event", map[string]any{"foo": "<bar>", "n": 1})
	log.Info("", "event", struct {
		A int `json:"a"`
	}{7})
	log.Info("", slog.Group("event", "b", 1, "c", "x"))
	log.Info("", "x", 1, "y", "z")
	log.Info("", "x", 1)
	log.Info("text", "event", map[string]int{"a": 1})
	want := `{"foo":"<bar>","n":1}
{"a":7}
{"b":1,"c":"x"}
{"x":1,"y":"z"}
{"x":1}
text event=map[a:1]
`
	if diff := cmp.Diff(want, out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAddedFieldsAreJSON(t *testing.T) {
	cfg, out := start(t, `
version: 1
formatters:
  f: {(): watchtower.CloudWatchLogFormatter, add_log_record_attrs: [levelname, levelno, tenant, missing, funcName]}
handlers: {out: {class: logging.StreamHandler, formatter: f}}
root: {level: DEBUG, handlers: [out]}
`)
	cfg.Logger("app").Warn(`say "hi"`, "tenant", 7, "x", 1)
	cfg.Logger("app").Info("", "e", map[string]any{"a": []any{1, `b",c:d`}, "levelno": "its own", "msg": map[string]int{"x": 1, "y": 2}})
	cfg.Logger("app").Info(`{"a":1}`) // a text in Python too
	want := `{"levelname": "WARNING", "levelno": 30, "tenant": 7, "missing": null, "funcName": "TestAddedFieldsAreJSON", "msg": "say \"hi\" x=1"}
{"a": [1, "b\",c:d"], "msg": {"x": 1, "y": 2}, "levelname": "INFO", "levelno": 20, "tenant": null, "missing": null, "funcName": "TestAddedFieldsAreJSON"}
{"levelname": "INFO", "levelno": 20, "tenant": null, "missing": null, "funcName": "TestAddedFieldsAreJSON", "msg": "{\"a\":1}"}
`
	if diff := cmp.Diff(want, out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNativeFormatsAreThoseOfSlog(t *testing.T) {
	cfg, out := start(t, `
version: 1
formatters: {j: {format: json}}
handlers:
  j: {class: logging.StreamHandler, formatter: j}
  t: {class: stream}
loggers:
  j: {level: INFO, handlers: [j]}
  t: {level: INFO, handlers: [t]}
`)
	for _, name := range []string{"j", "t"} {
		r := slog.Record{Message: "m"}
		r.AddAttrs(slog.Int("a", 1))
		cfg.Handler(name).WithGroup("g").Handle(t.Context(), r)
	}
	want := `{"level":"INFO","msg":"m","logger":"j","g":{"a":1}}
level=INFO msg=m logger=t g.a=1
`
	if diff := cmp.Diff(want, out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The rules of slog.Handler hold for a logger of a configuration.
func TestLoggersAreSlogHandlers(t *testing.T) {
	cfg, out := start(t, `
version: 1
formatters: {j: {format: json}}
handlers: {j: {class: logging.StreamHandler, formatter: j}}
root: {level: INFO, handlers: [j]}
`)
	err := slogtest.TestHandler(cfg.Handler(""), func() []map[string]any { return jsonLines(t, out.take()) })
	if err != nil {
		t.Error(err)
	}
}

func TestCodeThatPanicsIsToldAndOthersAreWritten(t *testing.T) {
	var told []error
	out := &screen{}
	cfg, err := logconfig.Read(strings.NewReader(`
version: 1
formatters: {f: {format: "%(x)s %(message)s"}}
handlers: {out: {class: logging.StreamHandler, formatter: f}, plain: {class: logging.StreamHandler}}
root: {level: INFO, handlers: [out, plain]}
`), &logconfig.Options{Stderr: out, OnError: func(err error) { told = append(told, err) }})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(t.Context())
	cfg.Logger("").Info("m", "x", panics{})
	if got := out.take(); !strings.Contains(got, "PANIC") {
		t.Errorf("%q, told %v", got, told)
	}
}

type panics struct{}

func (panics) String() string { panic("boom") }

func (panics) MarshalText() ([]byte, error) { panic("boom") }

// The root logger may be configured twice, as Python allows: the handlers of its own
// section count alone, the filters of both, and an empty section is none.
func TestRootThatIsThereTwiceIsAsInPython(t *testing.T) {
	const head = `
version: 1
filters: {chatter: {name: app}}
handlers: {a: {class: logging.StreamHandler, formatter: a}, b: {class: logging.StreamHandler, formatter: b}}
formatters: {a: {format: a %(message)s}, b: {format: b %(message)s}}
loggers: {"": {level: INFO, handlers: [a], filters: [chatter]}}
`
	for root, want := range map[string]string{
		"":                      "a app\n",
		"root: {}":              "a app\n",
		"root: {handlers: [b]}": "b app\n",
	} {
		cfg, out := start(t, head+root)
		cfg.Logger("").Info("the filter says no")
		cfg.Logger("app").Info("app")
		if diff := cmp.Diff(want, out.take()); diff != "" {
			t.Errorf("%q: -want +got:\n%s", root, diff)
		}
	}
}
