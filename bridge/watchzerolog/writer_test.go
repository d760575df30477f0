package watchzerolog_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzerolog"
	"github.com/watchtower-go/watchtower/test/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The events are what zerolog writes to any other writer, whatever is in them.
func TestLinesAreStoredAsTheyAre(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{Level: slog.LevelDebug - 4})
	var beside bytes.Buffer
	logger := zerolog.New(zerolog.MultiLevelWriter(&beside, watchzerolog.New(h, nil)))

	logger.Trace().Msg("t")
	logger.Debug().Bool("b", true).Bytes("bytes", []byte{'a', 0xff, '"'}).Hex("x", []byte{1}).Msg("d")
	logger.Info().Dur("took", time.Second).Time("at", time.Unix(1, 0).UTC()).Float64("f", 0.5).Msg("i")
	logger.Warn().Strs("s", []string{"a", "<b>"}).Ints("n", []int{1, 2}).Interface("any", map[string]int{"a": 1}).Msg("w")
	logger.Error().Err(errors.New("broken")).Stringer("ip", net.IPv4(127, 0, 0, 1)).Caller().Msg("e")
	logger.Log().RawJSON("raw", []byte(`{"a":[1]}`)).Uint64("u", 1<<63).Msg("no level")
	derived := logger.With().Str("given", "a\nb").Logger()
	derived.Info().Dict("o", zerolog.Dict().Int("n", 1)).Send()

	want := strings.SplitAfter(strings.TrimSuffix(beside.String(), "\n"), "\n")
	for i := range want {
		want[i] = strings.TrimSuffix(want[i], "\n")
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" || len(want) != 7 {
		t.Errorf("%d lines (-want +got):\n%s", len(want), diff)
	}
}

func TestLinesBelowTheHandlersLevelAreLeftOut(t *testing.T) {
	level := new(slog.LevelVar)
	h, s := trial.Open(t, watchtower.Options{Level: level})
	w := watchzerolog.New(h, nil)
	logger := zerolog.New(w)
	logger.Debug().Msg("d")
	logger.Info().Msg("i")
	level.Set(slog.LevelError)
	logger.Warn().Msg("w")
	logger.Error().Msg("e")
	logger.Log().Msg("-")
	if n, err := w.Write([]byte("plain\n")); n != 6 || err != nil {
		t.Errorf("Write: %d, %v", n, err)
	}
	if _, err := w.WriteLevel(42, []byte("a level of somebody's own")); err != nil {
		t.Error(err)
	}
	want := []string{
		`{"level":"info","message":"i"}`, `{"level":"error","message":"e"}`, `{"message":"-"}`,
		`plain`, `a level of somebody's own`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHandlersNameAndAttrsMakeTheStream(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{LogStreamName: "{logger_name}/{attr:tenant}"})
	blue := h.Named("db").WithAttrs([]slog.Attr{slog.String("tenant", "blue")}).(*watchtower.Handler)
	logger := zerolog.New(watchzerolog.New(blue, nil))
	logger.Info().Msg("m")
	trial.Messages(t, h, s)
	if e := s.Events("app"); len(e) != 1 || e[0].Stream != "db/blue" || e[0].Message != `{"level":"info","message":"m"}` {
		t.Errorf("%+v", e)
	}
}

func TestLedgerIsExactUnderConcurrency(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	base := zerolog.New(watchzerolog.New(h, nil))
	const writers, each = 8, 500
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			logger := base.With().Int("w", w).Logger()
			for i := range each {
				logger.Info().Int("i", i).Msg("m")
			}
		})
	}
	all.Wait()
	distinct := map[string]bool{}
	for _, m := range trial.Messages(t, h, s) {
		distinct[m] = true
	}
	if st := h.Stats(); len(distinct) != writers*each || st.Accepted != writers*each || st.Delivered != writers*each {
		t.Errorf("%d different events: %+v", len(distinct), st)
	}
}

// What may be the last line is delivered when the call returns. When that does not
// succeed, Panic, which may be recovered, leaves the handler open, and Fatal
// closes it.
func TestFatalAndPanicAreFlushed(t *testing.T) {
	for _, l := range []zerolog.Level{zerolog.ErrorLevel, zerolog.FatalLevel, zerolog.PanicLevel} {
		synctest.Test(t, func(t *testing.T) {
			h, s := trial.Open(t, watchtower.Options{FlushInterval: time.Hour})
			w := watchzerolog.New(h, nil)
			write := func() error {
				_, err := w.WriteLevel(l, []byte("m\n"))
				return err
			}
			if err := write(); err != nil {
				t.Fatal(err)
			}
			if got, want := len(s.Events("app")) == 1, l > zerolog.ErrorLevel; got != want {
				t.Errorf("%v: stored is %v", l, got)
			}
			s.Faults().Fail("", http.StatusServiceUnavailable, -1)
			begin := time.Now()
			if err := write(); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(begin); d > 8*time.Second {
				t.Errorf("%v: it took %v", l, d)
			}
			s.Faults().Clear()
			if got, want := write() == watchtower.ErrClosed, l == zerolog.FatalLevel; got != want {
				t.Errorf("%v: closed is %v", l, got)
			}
		})
	}
}

// A handler that does not log what ends the program has records in its queue all
// the same.
func TestLevelsThatAreNotLoggedFlushToo(t *testing.T) {
	for _, l := range []zerolog.Level{zerolog.FatalLevel, zerolog.PanicLevel} {
		h, s := trial.Open(t, watchtower.Options{FlushInterval: time.Hour, Level: slog.Level(100)})
		w := watchzerolog.New(h, nil)
		logger := zerolog.New(w)
		logger.Log().Msg("m")
		if _, err := w.WriteLevel(l, []byte("not logged")); err != nil {
			t.Error(err)
		}
		if got := len(s.Events("app")); got != 1 {
			t.Errorf("%v: %d events stored", l, got)
		}
	}
}

func TestOnlyTheEndOfTheHandlerIsAnError(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{MaxEventBytes: 1 << 10, Oversize: watchtower.Drop, NoGapRecords: true})
	w := watchzerolog.New(h, nil)
	long := []byte(strings.Repeat("long", 1000))
	if n, err := w.WriteLevel(zerolog.InfoLevel, long); n != len(long) || err != nil {
		t.Errorf("dropped: %d, %v", n, err)
	}
	logger := zerolog.New(w)
	logger.Info().Msg("last")
	if err := io.Closer(w).Close(); err == nil { // it tells of the one that was dropped
		t.Error("Close does not tell of the loss")
	}
	if got := s.Events("app"); len(got) != 1 {
		t.Errorf("%d events stored", len(got))
	}
	if _, err := w.Write([]byte("late")); err != watchtower.ErrClosed {
		t.Errorf("after Close: %v", err)
	}
	if st := h.Stats(); st.Accepted != 3 || st.Delivered != 1 || st.Dropped != 2 {
		t.Errorf("%+v", st)
	}
}
