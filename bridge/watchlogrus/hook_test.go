package watchlogrus_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlogrus"
	"github.com/watchtower-go/watchtower/test/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hooked returns a logger that writes nothing but what its hook does.
func hooked(h *watchtower.Handler, opts *watchlogrus.Options) *logrus.Logger {
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	logger.SetLevel(logrus.TraceLevel)
	logger.AddHook(watchlogrus.New(h, opts))
	return logger
}

type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("no JSON") }

func TestEntryIsWhatSlogWouldMakeOfIt(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{Level: slog.LevelDebug - 4})
	logger := hooked(h.Named("app"), nil)
	logger.Trace("t")
	logger.Debugf("%d", 1)
	logger.Info("i")
	logger.Warn("w")
	derived := logger.WithField("b", 1).WithField("a", "x")
	derived.WithError(errors.New("broken")).Error("e")
	derived.Info("still")
	logger.WithFields(logrus.Fields{
		"time": 1, "level": "l", "msg": "m", "logger": "n", "source": "s",
		"took": time.Second, "at": time.Unix(1, 0).UTC(), "map": map[string]int{"k": 1}, "nil": nil,
		"bytes": []byte("b"), "f": 0.5, "u": uint64(1 << 63), "yes": true, "list": []string{"<x>"},
		"struct": struct{ A int }{1}, "panics": panics{}, "chan": make(chan int), "func": func() {},
	}).Info("all")
	const head = `,"logger":"app"`
	want := []string{
		`{"level":"DEBUG-4","msg":"t"` + head + `}`,
		`{"level":"DEBUG","msg":"1"` + head + `}`,
		`{"level":"INFO","msg":"i"` + head + `}`,
		`{"level":"WARN","msg":"w"` + head + `}`,
		`{"level":"ERROR","msg":"e"` + head + `,"a":"x","b":1,"error":"broken"}`,
		`{"level":"INFO","msg":"still"` + head + `,"a":"x","b":1}`,
		`{"level":"INFO","msg":"all"` + head + `,"at":"1970-01-01T00:00:01Z","bytes":"Yg==","chan":"!ERROR:json: unsupported type: chan int"` +
			`,"f":0.5,"fields.level":"l","list":["<x>"],"fields.logger":"n","map":{"k":1},"fields.msg":"m","nil":null,"panics":"!PANIC: no JSON"` +
			`,"fields.source":"s","struct":{"A":1},"fields.time":1,"took":1000000000,"u":9223372036854775808,"yes":true}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCallerIsTheSource(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	logger := hooked(h.WithGroup("g").(*watchtower.Handler), nil)
	logger.SetReportCaller(true)
	logger.WithField("n", 1).Info("i")
	shape := regexp.MustCompile(`^\{"level":"INFO","msg":"i","source":\{"function":"[^"]*TestCallerIsTheSource","file":"[^"]*hook_test.go","line":\d+\},"g":\{"n":1\}\}$`)
	if got := trial.Messages(t, h, s); len(got) != 1 || !shape.MatchString(got[0]) {
		t.Errorf("%q", got)
	}
}

func TestEntryKeepsItsTime(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	at := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	hooked(h, nil).WithTime(at).Info("old")
	trial.Messages(t, h, s)
	if e := s.Events("app"); len(e) != 1 || !e[0].Time.Equal(at) {
		t.Errorf("%+v, want the time %v", e, at)
	}
}

func TestLevelsAreTheHandlersUnlessGiven(t *testing.T) {
	level := new(slog.LevelVar)
	h, s := trial.Open(t, watchtower.Options{Level: level})
	logger := hooked(h, nil)
	logger.Debug("no")
	level.Set(slog.LevelError)
	logger.Warn("no")
	own := hooked(h, &watchlogrus.Options{Levels: []logrus.Level{logrus.DebugLevel}})
	own.Debug("yes")
	own.Error("no")
	if got := trial.Messages(t, h, s); len(got) != 1 || !strings.Contains(got[0], "yes") {
		t.Errorf("%q", got)
	}
}

func TestLevelsKeepTheirOrder(t *testing.T) {
	last := slog.Level(-100)
	for l := logrus.TraceLevel; ; l-- {
		if at := watchlogrus.AtLevel(l); at <= last {
			t.Errorf("%v is at %v, not above the one before", l, at)
		} else {
			last = at
		}
		if l == logrus.PanicLevel {
			break
		}
	}
	if last != 13 || watchlogrus.AtLevel(logrus.InfoLevel) != slog.LevelInfo || watchlogrus.AtLevel(logrus.ErrorLevel) != slog.LevelError {
		t.Error("not slog's own levels")
	}
}

// With a formatter the events are what logrus writes elsewhere.
func TestFormatterMakesTheMessage(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	formatter := &logrus.TextFormatter{DisableColors: true}
	logger := hooked(h, &watchlogrus.Options{Formatter: formatter})
	var beside bytes.Buffer
	logger.SetOutput(&beside)
	logger.SetFormatter(formatter)
	logger.WithField("n", 1).WithError(errors.New("broken")).Error("e")
	if err := h.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e := s.Events("app"); len(e) != 1 || e[0].Message+"\n" != beside.String() {
		t.Errorf("%+v, want %q", e, beside.String())
	}
}

type fails struct{ how error }

func (f fails) Format(*logrus.Entry) ([]byte, error) {
	if f.how == nil {
		panic("oh")
	}
	return nil, f.how
}

func TestEntryThatTheFormatterCannotWriteIsNotLost(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	hooked(h, &watchlogrus.Options{Formatter: fails{errors.New("no")}}).WithField("n", 1).Info("a")
	hooked(h, &watchlogrus.Options{Formatter: fails{}}).Info("b")
	want := []string{
		`{"level":"INFO","msg":"a","n":1,"!FORMATTER":"no"}`,
		`{"level":"INFO","msg":"b","!FORMATTER":"!PANIC: oh"}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFieldsMakeTheStream(t *testing.T) {
	for name, opts := range map[string]*watchlogrus.Options{
		"ours": nil, "formatter": {Formatter: new(logrus.JSONFormatter)},
	} {
		h, s := trial.Open(t, watchtower.Options{LogStreamName: "{logger_name}/{attr:tenant}"})
		cancelled, cancel := context.WithCancel(t.Context())
		cancel() // no matter
		hooked(h.Named("db"), opts).WithContext(cancelled).WithField("tenant", "blue").Info("m")
		trial.Messages(t, h, s)
		if e := s.Events("app"); len(e) != 1 || e[0].Stream != "db/blue" {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// A value of slog is what it is there.
func TestMetricsAreFields(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{MetricNamespace: "shop"})
	hooked(h, nil).WithField("Latency", watchtower.Metric("", 1.5, watchtower.Milliseconds).Value).Info("m")
	if got := trial.Messages(t, h, s); len(got) != 1 || !strings.Contains(got[0], `"Latency":1.5,"_aws":{`) {
		t.Errorf("%q", got)
	}
}

func TestLedgerIsExactUnderConcurrency(t *testing.T) {
	for name, opts := range map[string]*watchlogrus.Options{
		"ours": nil, "JSON": {Formatter: new(logrus.JSONFormatter)}, "text": {Formatter: new(logrus.TextFormatter)},
	} {
		h, s := trial.Open(t, watchtower.Options{})
		logger := hooked(h, opts)
		const writers, each = 8, 250
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				derived := logger.WithField("w", w)
				for i := range each {
					derived.WithField("i", i).Info("m")
				}
			})
		}
		all.Wait()
		if got := trial.Messages(t, h, s); len(got) != writers*each {
			t.Errorf("%s: %d events stored", name, len(got))
		}
		if st := h.Stats(); st.Accepted != writers*each || st.Delivered != writers*each {
			t.Errorf("%s: %+v", name, st)
		}
	}
}

func TestOnlyTheEndOfTheHandlerIsAnError(t *testing.T) {
	for name, opts := range map[string]*watchlogrus.Options{
		"ours": nil, "formatter": {Formatter: new(logrus.JSONFormatter)},
	} {
		h, _ := trial.Open(t, watchtower.Options{MaxEventBytes: 1 << 10, Oversize: watchtower.Drop})
		hook := watchlogrus.New(h, opts)
		if err := hook.Fire(&logrus.Entry{Level: logrus.InfoLevel, Message: strings.Repeat("long", 1000)}); err != nil {
			t.Errorf("%s: dropped: %v", name, err)
		}
		h.Close(context.Background())
		if err := hook.Fire(&logrus.Entry{Level: logrus.InfoLevel, Message: "late"}); err != watchtower.ErrClosed {
			t.Errorf("%s: after Close: %v", name, err)
		}
		if st := h.Stats(); st.Accepted != 2 || st.Dropped != 2 {
			t.Errorf("%s: %+v", name, st)
		}
	}
}
