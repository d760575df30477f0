package watchzap_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
	"github.com/watchtower-go/watchtower/test/trial"
)

// What zap builds of cores works with this one within.
func TestCoreStandsWithinOthers(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	var beside bytes.Buffer
	console := zapcore.NewCore(zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "m"}), zapcore.AddSync(&beside), zapcore.DebugLevel)
	core := zapcore.NewTee(zapcore.NewSamplerWithOptions(watchzap.New(h, nil), time.Hour, 2, 1000), console)
	hooked := 0
	logger := zap.New(core, zap.Hooks(func(zapcore.Entry) error { hooked++; return nil })).With(zap.Int("w", 1))
	for range 5 {
		logger.Info("often")
	}
	logger.Debug("console only")
	logger.WithOptions(zap.IncreaseLevel(zapcore.WarnLevel)).Info("neither")
	logger.Sugar().With("s", 2).Warnw("sweet", "n", 3, zap.Namespace("in"), "m", 4)
	zap.NewStdLog(logger).Print("standard")
	if err := logger.Sync(); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"level":"INFO","msg":"often","w":1}`,
		`{"level":"INFO","msg":"often","w":1}`,
		`{"level":"WARN","msg":"sweet","w":1,"s":2,"n":3,"in":{"m":4}}`,
		`{"level":"INFO","msg":"standard","w":1}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := bytes.Count(beside.Bytes(), []byte("\n")); got != 8 || hooked != 8 {
		t.Errorf("%d lines beside, the hook was called %d times: want 8", got, hooked)
	}
}
