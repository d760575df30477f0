package watchhclog_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-hclog"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhclog"
	"github.com/watchtower-go/watchtower/test/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sunk returns a logger that writes nothing but what its sink does.
func sunk(h *watchtower.Handler, opts *watchhclog.Options) hclog.InterceptLogger {
	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{Output: io.Discard, Level: hclog.Off})
	logger.RegisterSink(watchhclog.New(h, opts))
	return logger
}

type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("no JSON") }
func (panics) String() string               { panic("no text") }

func TestCallIsWhatSlogWouldMakeOfIt(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{Level: slog.LevelDebug - 4})
	logger := sunk(h, nil)
	logger.Trace("t")
	logger.Debug("d")
	logger.Info("i", "n", 1)
	logger.Warn("w")
	derived := logger.Named("app").Named("db").With("b", 1, "a", "x")
	derived.Error("e", "error", errors.New("broken"))
	logger.ResetNamed("app.db").Log(hclog.NoLevel, "no level")
	const db = `,"logger":"app.db"`
	want := []string{
		`{"level":"DEBUG-4","msg":"t"}`,
		`{"level":"DEBUG","msg":"d"}`,
		`{"level":"INFO","msg":"i","n":1}`,
		`{"level":"WARN","msg":"w"}`,
		`{"level":"ERROR","msg":"e"` + db + `,"a":"x","b":1,"error":"broken"}`,
		`{"level":"INFO","msg":"no level"` + db + `}`,
	}
	got := trial.Messages(t, h, s)
	slices.Sort(got) // streams of one millisecond have no order
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestArgumentsOfAnyType(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{MetricNamespace: "shop"})
	logger := sunk(h, nil)
	logger.Info("m", "fmt", hclog.Fmt("%d beans", 2), "hex", hclog.Hex(17), "octal", hclog.Octal(8), "binary", hclog.Binary(5),
		"quote", hclog.Quote("a\nb"), "took", time.Second, "list", []string{"<x>"}, "nil", nil, 7, "a number for a key",
		"map", map[string]int{"k": 1}, "panics", panics{}, "chan", make(chan int), "big", uint64(1<<63))
	logger.Info("m", "n", 1, "alone")
	logger.Info("m", "none", hclog.Format{}, "odd", hclog.Format{1, 2}, panics{}, "a key that panics")
	logger.Info("m", "Latency", watchtower.Metric("", 1.5, watchtower.Milliseconds).Value)
	const head = `{"level":"INFO","msg":"m",`
	want := []string{
		head + `"fmt":"2 beans","hex":17,"octal":8,"binary":5,"quote":"a\nb","took":1000000000,"list":["<x>"],"nil":null,"7":"a number for a key"` +
			`,"map":{"k":1},"panics":"!PANIC: no JSON","chan":"!ERROR:json: unsupported type: chan int","big":9223372036854775808}`,
		head + `"n":1,"EXTRA_VALUE_AT_END":"alone"}`,
		head + `"none":"","odd":"1 2","%!v(PANIC=String method: no text)":"a key that panics"}`,
	}
	got := trial.Messages(t, h, s)
	if len(got) != 4 || !strings.HasPrefix(got[3], head+`"Latency":1.5,"_aws":{`) {
		t.Fatalf("%q", got)
	}
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStackHasAKey(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	logger := sunk(h, nil)
	logger.Error("e", "n", 1, hclog.Stacktrace())
	logger.Error("e", "stack", hclog.Stacktrace())
	got := trial.Messages(t, h, s)
	if len(got) != 2 || !strings.Contains(got[0], `"n":1,"stacktrace":"`) || !strings.Contains(got[1], `"stack":"`) ||
		!strings.Contains(got[0], "TestStackHasAKey") || !strings.Contains(got[1], "TestStackHasAKey") {
		t.Errorf("%q", got)
	}
}

func TestLocationIsWhereTheLoggerWasCalled(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{LogStreamName: "s"})
	logger := sunk(h, &watchhclog.Options{IncludeLocation: true}).Named("db").With("w", 1)
	logger.Info("m", "n", 1)
	logger.Log(hclog.Info, "m")
	logger.StandardLogger(nil).Print("m")
	shape := regexp.MustCompile(`^{"level":"INFO","msg":"m","logger":"db","source":{"function":"[^"]*TestLocation[^"]*","file":"[^"]*sink_test.go","line":\d+},"w":1`)
	got := trial.Messages(t, h, s)
	for _, m := range got {
		if !shape.MatchString(m) {
			t.Errorf("%q", m)
		}
	}
	if len(got) != 3 {
		t.Errorf("%d messages", len(got))
	}
}

func TestLevelIsTheHandlersUnlessGiven(t *testing.T) {
	level := new(slog.LevelVar)
	h, s := trial.Open(t, watchtower.Options{Level: level})
	logger := sunk(h, nil)
	logger.Debug("no")
	level.Set(slog.LevelError)
	logger.Warn("no")
	own := sunk(h, &watchhclog.Options{Level: hclog.Warn})
	own.Info("no")
	own.Log(hclog.NoLevel, "no")
	own.Warn("yes")
	if got := trial.Messages(t, h, s); len(got) != 1 || !strings.Contains(got[0], "yes") {
		t.Errorf("%q", got)
	}
}

func TestLevelsKeepTheirOrder(t *testing.T) {
	for l, want := range map[hclog.Level]slog.Level{
		hclog.Trace: -8, hclog.Debug: slog.LevelDebug, hclog.NoLevel: slog.LevelInfo, hclog.Info: slog.LevelInfo,
		hclog.Warn: slog.LevelWarn, hclog.Error: slog.LevelError, hclog.Off: 12,
	} {
		if got := watchhclog.AtLevel(l); got != want {
			t.Errorf("%v is at %v, want %v", l, got, want)
		}
	}
}

func TestArgumentsAndNamesMakeTheStream(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{LogStreamName: "{logger_name}/{attr:tenant}"})
	logger := sunk(h, nil)
	logger.Named("db").With("tenant", "blue").Info("m")
	logger.Info("m", "tenant", "red")
	trial.Messages(t, h, s)
	got := map[string]int{}
	for _, e := range s.Events("app") {
		got[e.Stream]++
	}
	if diff := cmp.Diff(map[string]int{"db/blue": 1, "root/red": 1}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLedgerIsExactUnderConcurrency(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	logger := sunk(h, nil)
	const writers, each = 8, 250
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			derived := logger.Named("part").With("w", w)
			for i := range each {
				derived.Info("m", "i", i)
			}
		})
	}
	all.Wait()
	if got := trial.Messages(t, h, s); len(got) != writers*each {
		t.Errorf("%d events stored", len(got))
	}
	if st := h.Stats(); st.Accepted != writers*each || st.Delivered != writers*each {
		t.Errorf("%+v", st)
	}
}

func TestNothingIsSentAfterClose(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	logger := sunk(h, nil)
	logger.Info("m")
	if err := h.Close(context.Background()); err != nil {
		t.Error(err)
	}
	logger.Info("late")
	if st := h.Stats(); st.Accepted != 2 || st.Dropped != 1 || len(s.Events("app")) != 1 {
		t.Errorf("%+v", st)
	}
}
