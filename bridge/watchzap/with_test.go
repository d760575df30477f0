package watchzap_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
	"github.com/watchtower-go/watchtower/test/trial"
)

// What With is given is formatted then, as zap does it, within namespaces too: a
// map that changes later is no matter.
func TestWithFormatsAtOnce(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{LogStreamName: "s"})
	changing := map[string]int{"n": 1}
	logger := zap.New(watchzap.New(h, nil))
	outer := logger.With(zap.Reflect("m", changing))
	inner := logger.With(zap.Namespace("in"), zap.Reflect("m", changing))
	changing["n"] = 2
	outer.Info("m")
	inner.Info("m", zap.Int("x", 1))
	want := []string{
		`{"level":"INFO","msg":"m","m":{"n":1}}`,
		`{"level":"INFO","msg":"m","in":{"m":{"n":1},"x":1}}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A With that panics would end the program where it only wants to log.
func TestWithDoesNotPanicForAnEncoder(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	encoder := zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "m"})
	logger := zap.New(watchzap.New(h, &watchzap.Options{Encoder: encoder}))
	logger.With(zap.Int("a", 1), zap.Object("o", panics{}), zap.Inline(panics{}), zap.Int("b", 2)).Info("")
	want := []string{`{"m":"","a":1,"o":"!PANIC: no object","!FIELD":"!PANIC: no object","b":2}`}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type traceKey struct{}

// traceOf is what a program may give as ContextAttrs.
func traceOf(ctx context.Context) []slog.Attr {
	id, _ := ctx.Value(traceKey{}).(string)
	return []slog.Attr{slog.String("trace_id", id)}
}

func TestContextIsTheEntrysOrTheLoggers(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{ContextAttrs: traceOf})
	logger := zap.New(watchzap.New(h, nil))
	ctx := func(id string) context.Context { return context.WithValue(t.Context(), traceKey{}, id) }
	given := logger.With(zap.Int("w", 1), zap.Namespace("in"), watchzap.Context(ctx("given")))
	logger.Info("none")
	given.Info("with", zap.Int("n", 1))
	given.Info("entry", zap.Any("ctx", ctx("own")), zap.Int("n", 1))
	logger.Info("reflected", zap.Reflect("ctx", ctx("own")))
	want := []string{
		`{"level":"INFO","msg":"none","trace_id":""}`,
		`{"level":"INFO","msg":"with","trace_id":"given","w":1,"in":{"n":1}}`,
		`{"level":"INFO","msg":"entry","trace_id":"own","w":1,"in":{"n":1}}`,
		`{"level":"INFO","msg":"reflected","trace_id":"own"}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A request that has ended is no reason to lose what is logged of it.
func TestCancelledContextIsNoMatter(t *testing.T) {
	for name, opts := range map[string]*watchzap.Options{
		"ours":    nil,
		"encoder": {Encoder: zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "m"})},
	} {
		h, s := trial.Open(t, watchtower.Options{WhenFull: watchtower.Block, QueueBytes: 64 << 10})
		logger := zap.New(watchzap.New(h, opts))
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		for range 2000 {
			logger.Info("a message of some thirty-eight letters", watchzap.Context(ended))
		}
		if got := trial.Messages(t, h, s); len(got) != 2000 {
			t.Errorf("%s: %d events stored", name, len(got))
		}
	}
}

func TestAttrsOfSlogAreFields(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{MetricNamespace: "shop"})
	logger := zap.New(watchzap.New(h, nil)).With(zap.String("service", "pay"), watchzap.Attr(watchtower.Dimensions("service")))
	logger.Info("m", zap.Namespace("in"), watchzap.Attr(watchtower.Metric("Latency", 1.5, watchtower.Milliseconds)),
		watchzap.Attr(slog.Group("g", "a", 1)))
	got := trial.Messages(t, h, s)
	if len(got) == 1 {
		got[0] = timestamp.ReplaceAllString(got[0], "")
	}
	want := []string{`{"level":"INFO","msg":"m","service":"pay","in":{"g":{"a":1}},"Latency":1.5,"_aws":{"CloudWatchMetrics":[` +
		`{"Namespace":"shop","Dimensions":[["service"]],"Metrics":[{"Name":"Latency","Unit":"Milliseconds"}]}]}}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

var timestamp = regexp.MustCompile(`"Timestamp":\d+,`)

type secret struct{ Password string }

func (secret) LogValue() slog.Value { return slog.StringValue("hidden") }

type broken struct{}

func (broken) MarshalJSON() ([]byte, error) { panic("no JSON") }

// What hides itself is hidden wherever it stands, and what fails spoils nothing else.
func TestObjectsInArraysAreResolved(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	logger := zap.New(watchzap.New(h, nil))
	object := zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
		if err := e.AddReflected("err", context.Canceled); err != nil {
			return err
		}
		if err := e.AddReflected("secret", secret{"hunter2"}); err != nil {
			return err
		}
		if err := e.AddReflected("chan", make(chan int)); err != nil {
			return err
		}
		return e.AddReflected("panics", broken{})
	})
	logger.Info("m", zap.Object("o", object), zap.Array("a", zapcore.ArrayMarshalerFunc(func(a zapcore.ArrayEncoder) error {
		return a.AppendObject(object)
	})))
	const fields = `{"err":"context canceled","secret":"hidden","chan":"!ERROR:json: unsupported type: chan int","panics":"!PANIC: no JSON"}`
	want := []string{`{"level":"INFO","msg":"m","o":` + fields + `,"a":[` + fields + `]}`}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestObjectsInArraysAreResolvedInText(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{Format: watchtower.FormatText})
	object := zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
		e.OpenNamespace("in")
		return e.AddReflected("secret", secret{"hunter2"})
	})
	zap.New(watchzap.New(h, nil)).Info("m", zap.Array("a", zapcore.ArrayMarshalerFunc(func(a zapcore.ArrayEncoder) error {
		return a.AppendObject(object)
	})))
	if diff := cmp.Diff([]string{`level=INFO msg=m a="[[in=[secret=hidden]]]"`}, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// endless contains itself, twice.
type endless struct{}

func (e endless) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("again", e), slog.Any("once more", e))
}

func TestObjectsInArraysEnd(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	zap.New(watchzap.New(h, nil)).Info("m", zap.Array("a", zapcore.ArrayMarshalerFunc(func(a zapcore.ArrayEncoder) error {
		return a.AppendObject(zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error { return e.AddReflected("e", endless{}) }))
	})))
	got := trial.Messages(t, h, s)
	if len(got) != 1 || !strings.Contains(got[0], `"again":"!ERROR:groups nested too deep"`) || !json.Valid([]byte(got[0])) {
		t.Errorf("%q", got)
	}
}
