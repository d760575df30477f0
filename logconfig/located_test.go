package logconfig_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
)

// zap, logrus and hclog know where a call was, but not by a program counter.
func TestFormatsOfPythonShowThePlaceThatOtherLoggersGive(t *testing.T) {
	for format, want := range map[string][]string{
		"%(filename)s:%(lineno)d %(funcName)s %(message)s": {"pay.go:7 Pay paid n=1", "shop.go:3 Buy asked source=web"},
		"%(source)s %(lineno)d %(message)s":                {"/src/pay.go:7 7 paid n=1", "web 3 asked source=/src/shop.go:3"},
		"%(message)s":                                      {"paid source=/src/pay.go:7 n=1", "asked source=/src/shop.go:3 source=web"},
	} {
		got := sent(t, format, func(*watchtower.Options) {}, func(cfg *logconfig.Config) {
			h := cfg.CloudWatch("cloud")
			log := func(h *watchtower.Handler, src *slog.Source, msg string, args ...any) {
				r := slog.NewRecord(time.Now(), slog.LevelInfo, msg, 0)
				r.Add(args...)
				top := []slog.Attr{slog.Any(slog.SourceKey, src)}
				if err := h.HandleTop(context.Background(), top, r); err != nil {
					t.Error(err)
				}
			}
			log(h, &slog.Source{File: "/src/pay.go", Line: 7, Function: "main.Pay"}, "paid", "n", 1)
			log(h, &slog.Source{File: "/src/shop.go", Line: 3, Function: "main.Buy"}, "asked", slog.SourceKey, "web")
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", format, diff)
		}
	}
}
