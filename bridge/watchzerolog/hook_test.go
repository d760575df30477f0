package watchzerolog_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzerolog"
	"github.com/watchtower-go/watchtower/test/trial"
)

type traceKey struct{}

// traceOf is what a program may give as ContextAttrs.
func traceOf(ctx context.Context) []slog.Attr {
	if id, ok := ctx.Value(traceKey{}).(string); ok {
		return []slog.Attr{slog.String("trace_id", id)}
	}
	return nil
}

func TestContextHookAddsTheTrace(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	logger := zerolog.New(watchzerolog.New(h, nil)).Hook(watchzerolog.ContextHook(traceOf))
	ctx := func(id string) context.Context { return context.WithValue(t.Context(), traceKey{}, id) }
	given := logger.With().Ctx(ctx("given")).Logger()
	logger.Info().Int("n", 1).Msg("none")
	logger.Debug().Ctx(ctx("own")).Msg("left out")
	given.Info().Int("n", 1).Msg("logger")
	given.Info().Ctx(ctx("own")).Msg("line")
	want := []string{
		`{"level":"info","n":1,"message":"none"}`,
		`{"level":"info","n":1,"trace_id":"given","message":"logger"}`,
		`{"level":"info","trace_id":"own","message":"line"}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type hides struct{ Secret string }

func (hides) LogValue() slog.Value { return slog.StringValue("hidden") }

func TestContextHookTakesAttrsOfAnyKind(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	logger := zerolog.New(watchzerolog.New(h, nil))
	all := logger.Hook(watchzerolog.ContextHook(func(context.Context) []slog.Attr {
		return []slog.Attr{
			slog.Bool("b", true), slog.Int("i", -1), slog.Uint64("u", 1<<63), slog.Float64("f", 0.5),
			slog.Duration("d", time.Second), slog.Time("t", time.Unix(1, 0).UTC()), slog.Any("a", []string{"x"}),
			slog.Any("e", errors.New("broken")), slog.Any("l", hides{"hunter2"}),
			slog.Group("g", "n", 1), slog.Group("", "inline", 2),
		}
	}))
	all.Info().Send()
	broken := logger.Hook(watchzerolog.ContextHook(func(context.Context) []slog.Attr { panic("boom") }))
	broken.Info().Send()
	want := []string{
		`{"level":"info","b":true,"i":-1,"u":9223372036854775808,"f":0.5,"d":1000,"t":"1970-01-01T00:00:01Z","a":["x"],"e":"broken","l":"hidden","g":{"n":1},"inline":2}`,
		`{"level":"info","ContextAttrs":"!PANIC: boom"}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// endless contains itself, twice.
type endless struct{ key string }

func (e endless) LogValue() slog.Value {
	return slog.GroupValue(slog.Any(e.key, e), slog.Any(e.key, e))
}

func TestContextHookEnds(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	for _, key := range []string{"", "k"} {
		attrs := []slog.Attr{slog.Any("e", endless{key})}
		logger := zerolog.New(watchzerolog.New(h, nil)).Hook(watchzerolog.ContextHook(func(context.Context) []slog.Attr { return attrs }))
		logger.Info().Msg("m")
	}
	got := trial.Messages(t, h, s)
	for _, line := range got {
		if !json.Valid([]byte(line)) || !strings.Contains(line, "!ERROR:too many LogValue calls") {
			t.Errorf("%.200q", line)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d lines", len(got))
	}
}
