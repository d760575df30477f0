package loggers

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlogrus"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
	"github.com/watchtower-go/watchtower/bridge/watchzerolog"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// endings are programs that end by their logger, without a Close. Each runs in a
// child process of this test binary.
var endings = map[string]func(h *watchtower.Handler){
	"zap fatal": func(h *watchtower.Handler) {
		zap.New(watchzap.New(h, &watchzap.Options{FlushTimeout: budget()})).Fatal("last words")
	},
	"zap panic":     func(h *watchtower.Handler) { zap.New(watchzap.New(h, nil)).Panic("last words") },
	"zerolog fatal": func(h *watchtower.Handler) { l := zerologTo(h); l.Fatal().Msg("last words") },
	"zerolog panic": func(h *watchtower.Handler) { l := zerologTo(h); l.Panic().Msg("last words") },
	"logrus fatal":  func(h *watchtower.Handler) { logrusTo(h).Fatal("last words") },
	"logrus panic":  func(h *watchtower.Handler) { logrusTo(h).Panic("last words") },
}

func zerologTo(h *watchtower.Handler) zerolog.Logger {
	return zerolog.New(watchzerolog.New(h, &watchzerolog.Options{FlushTimeout: budget()}))
}

func logrusTo(h *watchtower.Handler) *logrus.Logger {
	l := logrus.New()
	l.SetOutput(nothing{})
	l.AddHook(watchlogrus.New(h, &watchlogrus.Options{FlushTimeout: budget()}))
	return l
}

// nothing takes what is written beside, and keeps nothing.
type nothing struct{}

func (nothing) Write(p []byte) (int, error) { return len(p), nil }

// budget is a minute, unless the parent says otherwise.
func budget() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("LOGGERS_BUDGET")); err == nil {
		return d
	}
	return time.Minute
}

func TestMain(m *testing.M) {
	if end := endings[os.Getenv("LOGGERS_ENDING")]; end != nil {
		h, err := watchtower.New(context.Background(), "app", &watchtower.Options{
			EndpointURL: os.Getenv("LOGGERS_URL"), FlushInterval: time.Hour, Fallback: watchtower.WriteTo(os.Stderr),
		})
		if err != nil {
			panic(err)
		}
		end(h)
	}
	os.Exit(m.Run())
}

// ending runs a child. It returns the code of its exit and its standard error.
func ending(t *testing.T, name, url string, env ...string) (code int, stderr string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "LOGGERS_ENDING="+name, "LOGGERS_URL="+url,
		"AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=s", "AWS_REGION=us-east-1")
	cmd.Env = append(cmd.Env, env...)
	var text strings.Builder
	cmd.Stderr = &text
	exit, ok := errors.AsType[*exec.ExitError](cmd.Run())
	if !ok {
		t.Fatalf("the program ended as if nothing had happened: %s", text.String())
	}
	return exit.ExitCode(), text.String()
}

func TestLastWordsAreDelivered(t *testing.T) {
	for name := range endings {
		s := watchtowertest.NewServer(t)
		code, stderr := ending(t, name, s.URL())
		if want := map[bool]int{true: 1, false: 2}[strings.HasSuffix(name, "fatal")]; code != want {
			t.Errorf("%s: exit code %d: %s", name, code, stderr)
		}
		if e := s.Events("app"); len(e) != 1 || !strings.Contains(e[0].Message, "last words") {
			t.Errorf("%s: stored %+v; standard error %s", name, e, stderr)
		}
	}
}

// In an outage the time is up before that: what is left goes where Close puts it.
func TestLastWordsDoNotVanishInAnOutage(t *testing.T) {
	down := watchtowertest.NewServer(t)
	down.Faults().Fail("", 503, -1)
	for _, name := range []string{"zap fatal", "zerolog fatal", "logrus fatal"} {
		code, stderr := ending(t, name, down.URL(), "LOGGERS_BUDGET=100ms")
		if code != 1 || !strings.Contains(stderr, "watchtower: 1 of 1 record") || strings.Count(stderr, "last words") != 1 {
			t.Errorf("%s: exit code %d, neither handed to Fallback nor told: %s", name, code, stderr)
		}
	}
}
