package logconfig_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

func TestAttributesCalledLikeFieldsOfPythonStandBehindTheMessage(t *testing.T) {
	attrs := []any{"name", "bob", "message", "m", "msg", "n", "args", 1, "exc_info", "e", "asctime", "noon", "id", 7, "tenant", "t1"}
	for formatter, want := range map[string]string{
		`{format: "%(asctime)s %(levelname)-8s %(name)s [%(tenant)s] %(message)s %(exc_info)s", datefmt: at}`: "at INFO     app [t1] created name=bob message=m msg=n args=1 exc_info=e asctime=noon id=7 None\n",
		`{format: "{name} {tenant} {message}", style: "{"}`:                                                   "app t1 created name=bob message=m msg=n args=1 exc_info=e asctime=noon id=7\n",
		`{format: "${name} ${tenant} ${message}", style: "$"}`:                                                "app t1 created name=bob message=m msg=n args=1 exc_info=e asctime=noon id=7\n",
		`{}`: "created name=bob message=m msg=n args=1 exc_info=e asctime=noon id=7 tenant=t1\n",
		`{(): watchtower.CloudWatchLogFormatter, add_log_record_attrs: [name, msg, args, tenant]}`: `{"name": "app", "args": 1, "tenant": "t1", "msg": "created name=bob message=m msg=n exc_info=e asctime=noon id=7"}` + "\n",
	} {
		cfg, out := start(t, `
version: 1
formatters: {f: `+formatter+`}
handlers: {out: {class: logging.StreamHandler, formatter: f}}
root: {level: DEBUG, handlers: [out]}
`)
		cfg.Logger("app").Info("created", attrs...)
		if diff := cmp.Diff(want, out.take()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", formatter, diff)
		}
	}
}

// sent returns the messages that a CloudWatch handler with a format of Python sends
// for what log does.
func sent(t *testing.T, format string, set func(*watchtower.Options), log func(*logconfig.Config)) (messages []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := watchtowertest.NewServer(t)
		cfg, err := logconfig.Read(strings.NewReader(`
version: 1
formatters: {f: {format: "`+format+`"}}
handlers: {cloud: {class: cloudwatch, log_group_name: g, formatter: f}}
root: {level: DEBUG, handlers: [cloud]}
`), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client(); set(o) },
			OnError:    func(err error) { t.Error(err) },
		})
		if err != nil {
			t.Fatal(err)
		}
		log(cfg)
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
		for _, e := range server.Events("g") {
			messages = append(messages, e.Message)
		}
	})
	return messages
}

func TestContextAttrsReachFormatsOfPython(t *testing.T) {
	got := sent(t, "%(name)s [%(trace_id)s] %(message)s", func(o *watchtower.Options) {
		o.ContextAttrs = func(context.Context) []slog.Attr {
			return []slog.Attr{slog.String("trace_id", "4bf9"), slog.String("span_id", "00f0")}
		}
	}, func(cfg *logconfig.Config) {
		cfg.Logger("app").With("a", 1).WithGroup("in").Info("named", "b", 2)
		cfg.Logger("").Info("root", "logger", "mine")
	})
	slices.Sort(got) // each logger has a log stream
	want := []string{"app [4bf9] named span_id=00f0 a=1 in.b=2", "root [4bf9] root span_id=00f0 logger=mine"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSampledOutReachesFormatsOfPython(t *testing.T) {
	got := sent(t, "%(name)s %(message)s", func(o *watchtower.Options) {
		o.Sampling = &watchtower.Sampling{First: 1, Thereafter: 100}
	}, func(cfg *logconfig.Config) {
		for range 101 {
			cfg.Logger("app").Info("again", "a", 1)
		}
	})
	if diff := cmp.Diff([]string{"app again a=1", "app again _sampled_out=99 a=1"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

type traceKey struct{}

// What comes of a context is in a console and a file as it is in CloudWatch.
func TestContextAttrsAreInAllHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, out := watchtowertest.NewServer(t), &screen{}
		cfg, err := logconfig.Read(strings.NewReader(`
version: 1
formatters: {f: {format: "[%(trace_id)s] %(message)s"}, j: {format: json}}
handlers:
  a: {class: cloudwatch, log_group_name: g, formatter: f}
  b: {class: stream, formatter: f}
  c: {class: stream, formatter: j}
  d: {class: stream}
root: {level: DEBUG, handlers: [a, b, c, d]}
`), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
			OnError:    func(err error) { t.Error(err) },
			Stderr:     out,
			ContextAttrs: func(ctx context.Context) []slog.Attr {
				if ctx.Value(traceKey{}) == nil {
					panic("no trace")
				}
				return []slog.Attr{slog.Any("trace_id", ctx.Value(traceKey{}))}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.WithValue(t.Context(), traceKey{}, "4bf9")
		log := slog.New(cfg.Handler("app").WithAttrs([]slog.Attr{slog.Int("a", 1)}).WithGroup("in"))
		r := slog.Record{Level: slog.LevelInfo, Message: "m"}
		r.AddAttrs(slog.Int("b", 2))
		for range 2 { // a second time with what is kept of the first
			if err := log.Handler().Handle(ctx, r); err != nil {
				t.Error(err)
			}
			want := `[4bf9] m a=1 in.b=2
{"level":"INFO","msg":"m","logger":"app","trace_id":"4bf9","a":1,"in":{"b":2}}
level=INFO msg=m logger=app trace_id=4bf9 a=1 in.b=2
`
			if diff := cmp.Diff(want, out.take()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		}
		log.Info("m")
		if got := out.take(); strings.Count(got, "ContextAttrs") != 3 || !strings.Contains(got, "PANIC: no trace") {
			t.Errorf("%s", got)
		}
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if e := server.Events("g"); len(e) != 3 || e[0].Message != "[4bf9] m a=1 in.b=2" {
			t.Errorf("%v", e)
		}
	})
}
