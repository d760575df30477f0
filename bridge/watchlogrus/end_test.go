package watchlogrus_test

import (
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlogrus"
	"github.com/watchtower-go/watchtower/test/trial"
)

// What may be the last entry is delivered when the call returns. When that does
// not succeed the handler stays open, because the program may go on: after a Panic
// that is recovered, and after Log(FatalLevel). Only Exit, which Fatal calls,
// closes it then.
func TestFatalAndPanicAreFlushed(t *testing.T) {
	for _, l := range []logrus.Level{logrus.ErrorLevel, logrus.FatalLevel, logrus.PanicLevel} {
		synctest.Test(t, func(t *testing.T) {
			h, s := trial.Open(t, watchtower.Options{FlushInterval: time.Hour})
			hook := watchlogrus.New(h, nil)
			fire := func() error {
				return hook.Fire(&logrus.Entry{Level: l, Message: "m", Time: time.Now()})
			}
			if err := fire(); err != nil {
				t.Fatal(err)
			}
			if got, want := len(s.Events("app")) == 1, l < logrus.ErrorLevel; got != want {
				t.Errorf("%v: stored is %v", l, got)
			}
			s.Faults().Fail("", http.StatusServiceUnavailable, -1)
			begin := time.Now()
			for range 2 {
				if err := fire(); err != nil {
					t.Fatal(err)
				}
			}
			if d := time.Since(begin); d > 11*time.Second {
				t.Errorf("%v: two took %v", l, d)
			}
			exit(t)
			s.Faults().Clear()
			if got, want := fire() == watchtower.ErrClosed, l == logrus.FatalLevel; got != want {
				t.Errorf("%v: closed is %v", l, got)
			}
			exit(t) // nothing is left to do
		})
	}
}

// A hook that does not log what ends the program has records in its queue all
// the same.
func TestLevelsThatAreNotLoggedFlushToo(t *testing.T) {
	for name, opts := range map[string]*watchlogrus.Options{
		"by the hook": {Levels: []logrus.Level{logrus.InfoLevel}}, "by the handler": nil,
	} {
		for _, l := range []logrus.Level{logrus.FatalLevel, logrus.PanicLevel} {
			level := new(slog.LevelVar)
			h, s := trial.Open(t, watchtower.Options{FlushInterval: time.Hour, Level: level})
			logger := hooked(h, opts)
			logger.Info("m")
			level.Set(100)
			func() {
				defer func() { recover() }()
				logger.Log(l, "not logged")
			}()
			if got := len(s.Events("app")); got != 1 {
				t.Errorf("%s: %v: %d events stored", name, l, got)
			}
		}
	}
}

// exit does what Fatal does at its end, but for the end.
func exit(t *testing.T) {
	t.Helper()
	logger := logrus.New()
	code := 0
	logger.ExitFunc = func(c int) { code = c }
	if logger.Exit(1); code != 1 {
		t.Errorf("exit code %d", code)
	}
}
