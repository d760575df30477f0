package watchzerolog_test

import (
	"log/slog"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzerolog"
	"github.com/watchtower-go/watchtower/test/trial"
)

func TestLevelsKeepTheirOrder(t *testing.T) {
	last := slog.Level(math.MinInt)
	for l := zerolog.Level(math.MinInt8); l <= zerolog.PanicLevel; l++ {
		if at := watchzerolog.AtLevel(l); at <= last {
			t.Errorf("%v is at %v, not above the one before", l, at)
		} else {
			last = at
		}
	}
	for l, want := range map[zerolog.Level]slog.Level{
		-2: -12, zerolog.TraceLevel: -8, zerolog.DebugLevel: slog.LevelDebug, zerolog.InfoLevel: slog.LevelInfo,
		zerolog.WarnLevel: slog.LevelWarn, zerolog.ErrorLevel: slog.LevelError, zerolog.FatalLevel: 12, zerolog.PanicLevel: 13,
		zerolog.NoLevel: slog.LevelInfo, 42: slog.LevelInfo,
	} {
		if got := watchzerolog.AtLevel(l); got != want {
			t.Errorf("%v is at %v, want %v", l, got, want)
		}
	}
}

// Levels below Trace are numbers, which programs choose.
func TestLevelsBelowTraceAreLeftOutToo(t *testing.T) {
	level := new(slog.LevelVar)
	h, s := trial.Open(t, watchtower.Options{Level: level})
	w := watchzerolog.New(h, nil)
	for _, line := range []struct {
		level zerolog.Level
		text  string
	}{{-2, "no"}, {-128, "no"}, {-2, "yes"}, {-3, "no"}} {
		if line.text == "yes" {
			level.Set(-12)
		}
		if n, err := w.WriteLevel(line.level, []byte(line.text)); n != len(line.text) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if diff := cmp.Diff([]string{"yes"}, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
