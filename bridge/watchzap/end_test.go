package watchzap_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
	"github.com/watchtower-go/watchtower/test/trial"
)

func TestSyncIsBoundedAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := trial.Open(t, watchtower.Options{})
		core := watchzap.New(h, &watchzap.Options{FlushTimeout: 3 * time.Second})
		s.Faults().Fail("", http.StatusServiceUnavailable, -1)
		zap.New(core).Info("a")
		begin := time.Now()
		if err := core.Sync(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Sync: %v", err)
		}
		if d := time.Since(begin); d != 3*time.Second {
			t.Errorf("Sync took %v", d)
		}
		if st := h.Stats(); st.Pending != 1 {
			t.Errorf("%+v", st)
		}
	})
}

// What is above Error is delivered when the call returns. When that does not
// succeed, Panic, which may be recovered, leaves the handler open, and Fatal
// closes it.
func TestAboveErrorIsFlushed(t *testing.T) {
	for _, l := range []zapcore.Level{zapcore.ErrorLevel, zapcore.DPanicLevel, zapcore.PanicLevel, zapcore.FatalLevel} {
		synctest.Test(t, func(t *testing.T) {
			h, s := trial.Open(t, watchtower.Options{FlushInterval: time.Hour})
			core := watchzap.New(h, nil)
			write := func() error {
				return core.Write(zapcore.Entry{Level: l, Message: "m", Time: time.Now()}, nil)
			}
			if err := write(); err != nil {
				t.Fatal(err)
			}
			if got, want := len(s.Events("app")) == 1, l > zapcore.ErrorLevel; got != want {
				t.Errorf("%v: stored is %v", l, got)
			}
			s.Faults().Fail("", http.StatusServiceUnavailable, -1)
			if err := write(); err != nil {
				t.Fatal(err)
			}
			s.Faults().Clear()
			if got, want := write() == watchtower.ErrClosed, l == zapcore.FatalLevel; got != want {
				t.Errorf("%v: closed is %v", l, got)
			}
		})
	}
}

func TestOnlyTheEndOfTheHandlerIsAnError(t *testing.T) {
	for name, opts := range map[string]*watchzap.Options{
		"ours":    nil,
		"encoder": {Encoder: zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "m"})},
	} {
		h, _ := trial.Open(t, watchtower.Options{MaxEventBytes: 1 << 10, Oversize: watchtower.Drop})
		core := watchzap.New(h, opts)
		long := zapcore.Entry{Message: strings.Repeat("long", 1000), Time: time.Now()}
		if err := core.Write(long, nil); err != nil {
			t.Errorf("%s: dropped: %v", name, err)
		}
		if st := h.Stats(); st.Dropped != 1 {
			t.Errorf("%s: %+v", name, st)
		}
		h.Close(context.Background())
		if err := core.Write(zapcore.Entry{Message: "late"}, nil); err != watchtower.ErrClosed {
			t.Errorf("%s: after Close: %v", name, err)
		}
		if st := h.Stats(); st.Dropped != 2 || st.Accepted != 2 {
			t.Errorf("%s: %+v", name, st)
		}
	}
}

// A core that does not log what ends the program has records in its queue all the
// same.
func TestLevelsThatAreNotLoggedFlushToo(t *testing.T) {
	low := zap.LevelEnablerFunc(func(l zapcore.Level) bool { return l < zapcore.ErrorLevel })
	for _, l := range []zapcore.Level{zapcore.ErrorLevel, zapcore.PanicLevel, zapcore.FatalLevel} {
		h, s := trial.Open(t, watchtower.Options{FlushInterval: time.Hour})
		core := watchzap.New(h, &watchzap.Options{Level: low}).With([]zapcore.Field{zap.Int("n", 1)})
		zap.New(core).Info("m")
		if ce := core.Check(zapcore.Entry{Level: l, Message: "not logged"}, nil); ce != nil {
			ce.Write()
		}
		if got, want := len(s.Events("app")), map[bool]int{true: 1}[l > zapcore.ErrorLevel]; got != want {
			t.Errorf("%v: %d events stored, want %d", l, got, want)
		}
	}
}
