package watchzap_test

import (
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
	"github.com/watchtower-go/watchtower/test/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEntryIsWhatSlogWouldMakeOfIt(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{Level: slog.LevelDebug})
	logger := zap.New(watchzap.New(h, nil))
	logger.Debug("d")
	logger.Info("i", zap.Int("n", 1), zap.Skip())
	logger.Warn("w")
	logger.Named("app").Named("db").With(zap.String("given", "a")).Error("e", zap.Error(errors.New("broken")))
	logger.DPanic("development")
	want := []string{
		`{"level":"DEBUG","msg":"d"}`,
		`{"level":"INFO","msg":"i","n":1}`,
		`{"level":"WARN","msg":"w"}`,
		`{"level":"ERROR","msg":"e","logger":"app.db","given":"a","error":"broken"}`,
		`{"level":"ERROR+4","msg":"development"}`,
	}
	got := trial.Messages(t, h, s)
	slices.Sort(got) // streams of one millisecond have no order
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLevelIsTheHandlersUnlessGiven(t *testing.T) {
	level := new(slog.LevelVar)
	h, s := trial.Open(t, watchtower.Options{Level: level})
	core := watchzap.New(h, nil)
	own := watchzap.New(h, &watchzap.Options{Level: zapcore.WarnLevel})
	if core.Enabled(zapcore.DebugLevel) || !core.Enabled(zapcore.InfoLevel) || own.Enabled(zapcore.InfoLevel) {
		t.Error("the wrong levels are enabled")
	}
	level.Set(slog.LevelError)
	lowest := core.(interface{ Level() zapcore.Level }).Level()
	if core.Enabled(zapcore.WarnLevel) || lowest != zapcore.ErrorLevel {
		t.Errorf("lowest level %v, want error", lowest)
	}
	logger := zap.New(core)
	logger.Warn("no")
	zap.New(own).Warn("yes")
	if got := trial.Messages(t, h, s); len(got) != 1 || !strings.Contains(got[0], "yes") {
		t.Errorf("%q", got)
	}
}

func TestLevelsKeepTheirOrder(t *testing.T) {
	for l, want := range map[zapcore.Level]slog.Level{
		-128: -512, -2: -8, zapcore.DebugLevel: slog.LevelDebug, zapcore.InfoLevel: slog.LevelInfo,
		zapcore.WarnLevel: slog.LevelWarn, zapcore.ErrorLevel: slog.LevelError,
		zapcore.DPanicLevel: 12, zapcore.PanicLevel: 13, zapcore.FatalLevel: 14,
	} {
		if got := watchzap.AtLevel(l); got != want {
			t.Errorf("%v is at %v, want %v", l, got, want)
		}
	}
}

func TestEntryKeepsItsTime(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	core := watchzap.New(h, nil)
	at := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	if err := core.Write(zapcore.Entry{Time: at, Message: "old"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := core.Sync(); err != nil {
		t.Fatal(err)
	}
	if e := s.Events("app"); len(e) != 1 || !e[0].Time.Equal(at) {
		t.Errorf("%+v, want the time %v", e, at)
	}
}

func TestDerivedCoresShareTheQueueAndNotTheFields(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	base := zap.New(watchzap.New(h, nil))
	a := base.With(zap.String("a", "1"))
	b := a.With(zap.Namespace("in"), zap.Int("b", 2))
	c := b.With(zap.Int("c", 3), zap.Namespace("deep"))
	d := b.With(zap.Int("d", 4))
	base.Info("base")
	a.Info("a")
	b.Info("b", zap.Int("x", 9))
	c.Info("c", zap.Int("y", 9))
	c.Info("c none")
	d.Info("d")
	base.Info("within", zap.Int("o", 1), zap.Namespace("n"), zap.Int("i", 2), zap.Namespace("m"))
	want := []string{
		`{"level":"INFO","msg":"base"}`,
		`{"level":"INFO","msg":"a","a":"1"}`,
		`{"level":"INFO","msg":"b","a":"1","in":{"b":2,"x":9}}`,
		`{"level":"INFO","msg":"c","a":"1","in":{"b":2,"c":3,"deep":{"y":9}}}`,
		`{"level":"INFO","msg":"c none","a":"1","in":{"b":2,"c":3}}`,
		`{"level":"INFO","msg":"d","a":"1","in":{"b":2,"d":4}}`,
		`{"level":"INFO","msg":"within","o":1,"n":{"i":2}}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The order of keys is what the package comment says.
func TestCallerAndStackStandOutsideNamespaces(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{LogStreamName: "s"})
	logger := zap.New(watchzap.New(h, nil), zap.AddCaller(), zap.AddStacktrace(zapcore.ErrorLevel)).Named("db")
	logger.With(zap.Int("w", 1)).Error("e", zap.Int("n", 1), zap.Namespace("in"), zap.Int("i", 1))
	logger.With(zap.Int("w", 1), zap.Namespace("in")).Error("e", zap.Int("n", 1))
	got := trial.Messages(t, h, s)
	const (
		source = `"source":{"function":"[^"]*TestCallerAndStack[^"]*","file":"[^"]*core_test.go","line":\d+}`
		stack  = `"stack":"[^"]*core_test.go:\d+[^"]*"`
	)
	for i, fields := range []string{
		source + `,"w":1,"n":1,"in":{"i":1},` + stack,
		source + `,` + stack + `,"w":1,"in":{"n":1}`,
	} {
		shape := regexp.MustCompile(`^{"level":"ERROR","msg":"e","logger":"db",` + fields + `}$`)
		if len(got) != 2 || !shape.MatchString(got[i]) {
			t.Errorf("%q", got)
		}
	}
}

func TestFieldsAndNamesMakeTheStream(t *testing.T) {
	for name, opts := range map[string]*watchzap.Options{
		"ours":    nil,
		"encoder": {Encoder: zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "m"})},
	} {
		t.Run(name, func(t *testing.T) {
			h, s := trial.Open(t, watchtower.Options{LogStreamName: "{logger_name}/{attr:tenant}"})
			logger := zap.New(watchzap.New(h, opts))
			logger.Info("", zap.Int("n", 1), zap.String("tenant", "blue"))
			logger.Named("db").With(zap.String("tenant", "red")).Info("")
			logger.Info("", zap.Namespace("in"), zap.String("tenant", "inner"))
			logger.With(zap.Namespace("in")).Info("", zap.String("tenant", "inner"))
			trial.Messages(t, h, s)
			got := map[string]int{}
			for _, e := range s.Events("app") {
				got[e.Stream]++
			}
			if diff := cmp.Diff(map[string]int{"root/blue": 1, "db/red": 1, "root/none": 2}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFormAndRedactionAreTheHandlers(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{
		Format: watchtower.FormatText,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if a.Key == "password" && slices.Equal(groups, []string{"user"}) {
				a.Value = slog.StringValue("***")
			}
			return a
		},
	})
	logger := zap.New(watchzap.New(h, nil))
	logger.Info("in", zap.Namespace("user"), zap.String("password", "secret"))
	want := []string{"level=INFO msg=in user.password=***"}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRecordAttrsAreOfZapsCaller(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{RecordAttrs: []string{"funcName", "filename"}})
	zap.New(watchzap.New(h, nil), zap.AddCaller()).Info("here")
	got := trial.Messages(t, h, s)
	if len(got) != 1 || !strings.Contains(got[0], `"funcName":"TestRecordAttrsAreOfZapsCaller","filename":"core_test.go","source":`) {
		t.Errorf("%q", got)
	}
}

func TestEncoderMakesTheMessage(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	config := zap.NewProductionEncoderConfig()
	config.TimeKey = ""
	logger := zap.New(watchzap.New(h, &watchzap.Options{Encoder: zapcore.NewJSONEncoder(config)}))
	logger.With(zap.Namespace("in")).Info("hello", zap.Duration("took", time.Second))
	logger.Info("bad", zap.Object("o", zapcore.ObjectMarshalerFunc(func(zapcore.ObjectEncoder) error { panic("oh") })))
	want := []string{
		`{"level":"info","msg":"hello","in":{"took":1}}`,
		`{"level":"INFO","msg":"bad","o":"!PANIC: oh","!ENCODER":"!PANIC: oh"}`,
	}
	if diff := cmp.Diff(want, trial.Messages(t, h, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLedgerIsExactUnderConcurrency(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{})
	base := zap.New(watchzap.New(h, nil), zap.AddCaller())
	const writers, each = 8, 500
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			logger := base.With(zap.Int("w", w), zap.Namespace("in"))
			for i := range each {
				logger.Named("part").Info("m", zap.Int("i", i), zap.Strings("s", []string{"a"}))
			}
		})
	}
	all.Wait()
	if got := trial.Messages(t, h, s); len(got) != writers*each {
		t.Errorf("%d events stored, want %d", len(got), writers*each)
	}
	if st := h.Stats(); st.Accepted != writers*each || st.Delivered != writers*each {
		t.Errorf("%+v", st)
	}
}

func TestAnyNumberOfNamesIsWritten(t *testing.T) {
	h, s := trial.Open(t, watchtower.Options{LogStreamName: "s"})
	logger := zap.New(watchzap.New(h, nil))
	for i := range 1100 {
		logger.Named(strings.Repeat("n", i+1)).Info("m")
	}
	got := trial.Messages(t, h, s)
	if want := `{"level":"INFO","msg":"m","logger":"` + strings.Repeat("n", 1100) + `"}`; len(got) != 1100 || got[1099] != want {
		t.Errorf("%d messages, the last is %q", len(got), got[len(got)-1])
	}
}
