package encode

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func attrs(args ...any) []slog.Attr {
	return slog.Group("", args...).Value.Group()
}

func TestNameFollowsTheMessage(t *testing.T) {
	for format, want := range map[Format]string{
		JSON: `{"level":"INFO","msg":"m","logger":"app.db","w":1,"g":{"a":2}}`,
		Text: `level=INFO msg=m logger=app.db w=1 g.a=2`,
	} {
		e := New(Options{Format: format, LoggerKey: "logger"})
		r := slog.NewRecord(time.Time{}, 0, "m", 0)
		r.AddAttrs(slog.Int("a", 2))
		with := attrs("w", 1)
		for _, named := range []*Encoder{
			e.Named("app.db").WithAttrs(with).WithGroup("g"),
			e.WithAttrs(with).WithGroup("g").Named("app.db"),
			e.Named("app").WithAttrs(with).Named("app.db").WithGroup("g"),
		} {
			if got := line(t, named, r); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		if got := line(t, e.Named("app").Named(""), slog.Record{Message: "m"}); strings.Contains(got, "logger") {
			t.Errorf("a name that was taken away: %s", got)
		}
	}
}

func TestNameWithoutKeyIsNotWritten(t *testing.T) {
	if got := line(t, New(Options{}).Named("app"), slog.Record{Message: "m"}); got != `{"level":"INFO","msg":"m"}` {
		t.Error(got)
	}
}

// TestDerivedEncodersDoNotShareMemory derives two encoders from each of a long
// chain: whatever spare capacity there is, they must not write to it.
func TestDerivedEncodersDoNotShareMemory(t *testing.T) {
	formatter := func(w io.Writer) slog.Handler {
		return slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: replacers["no builtins"]})
	}
	r := slog.NewRecord(time.Time{}, 0, "m", 0)
	r.AddAttrs(slog.Int("z", 0))
	for name, e := range map[string]*Encoder{"json": New(Options{}), "formatter": New(Options{NewFormatter: formatter})} {
		want := ""
		for i := range 20 {
			key := fmt.Sprint("k", i)
			next := e.WithAttrs(attrs(key, i)).WithGroup(key)
			other := e.WithAttrs(attrs("other", "value")).WithGroup("other")
			_ = other.WithAttrs(attrs("more", 1)).WithGroup("more")
			e = next
			want += fmt.Sprintf(`"%s":%d,"%s":{`, key, i, key)
		}
		want += `"z":0` + strings.Repeat("}", 21)
		if got := line(t, e, r); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, want the end to be %s", name, got, want)
		}
	}
}

func TestSourceIsTheCallers(t *testing.T) {
	var pcs [1]uintptr
	runtime.Callers(1, pcs[:])
	for _, format := range []Format{JSON, Text} {
		for _, replace := range replacers {
			for range 2 { // from the cache too
				r := slog.NewRecord(time.Now(), 0, "m", pcs[0])
				compare(t, Options{Format: format, AddSource: true, ReplaceAttr: replace}, chains["all"], r)
				r.PC = 0
				compare(t, Options{Format: format, AddSource: true, ReplaceAttr: replace}, chains["all"], r)
			}
		}
	}
}

func TestSourcesThatShareASlotAreToldApart(t *testing.T) {
	var c sourceCache
	here := reflect.ValueOf(attrs).Pointer()
	other := here + 1
	for slotOf(other) != slotOf(here) {
		other++
	}
	for range 2 {
		if p := c.lookup(here); p.pc != here || !strings.HasSuffix(p.Function, "attrs") {
			t.Errorf("found %+v", p.Source)
		}
		if p := c.lookup(other); p.pc != other {
			t.Errorf("found %+v for another", p.Source)
		}
	}
}

func TestCaptureSeesTopLevelAttrs(t *testing.T) {
	formatter := func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }
	for name, o := range map[string]Options{
		"json": {}, "text": {Format: Text}, "formatter": {NewFormatter: formatter},
	} {
		o.Capture = []string{"tenant", "n"}
		base := New(o)
		for _, c := range []struct {
			e          *Encoder
			attrs      []slog.Attr
			tenant, n  string
			noT, noTwo bool
		}{
			{e: base, noT: true, noTwo: true},
			{e: base, attrs: attrs("tenant", "acme", "n", 7), tenant: "acme", n: "7"},
			{e: base, attrs: attrs("tenant", "a", "tenant", "b", "n", time.Second), tenant: "b", n: "1s"},
			{e: base, attrs: attrs("n", errors.New("bad"), "tenant", slog.LevelInfo), tenant: "INFO", n: "bad"},
			{e: base, attrs: attrs("tenant", valuer{slog.StringValue("v")}), tenant: "v", noTwo: true},
			{e: base, attrs: attrs(slog.Group("g", "tenant", "in"), slog.Group("", "n", "inline")), noT: true, n: "inline"},
			{e: base.WithAttrs(attrs("tenant", "w")), attrs: attrs("n", true), tenant: "w", n: "true"},
			{e: base.WithAttrs(attrs("tenant", "w")), attrs: attrs("tenant", ""), tenant: "", noTwo: true},
			{e: base.WithAttrs(attrs("tenant", "w")).WithGroup("g"), attrs: attrs("tenant", "x"), tenant: "w", noTwo: true},
			{e: base.WithGroup("g").WithAttrs(attrs("tenant", "w")), attrs: attrs("n", 1), noT: true, noTwo: true},
			{e: base.WithAttrs(attrs("tenant", "w")).WithAttrs(attrs("n", 2)), tenant: "w", n: "2"},
			{e: base, attrs: attrs("tenant", strings.Repeat("é", 2000)), tenant: strings.Repeat("é", maxCaptured/2), noTwo: true},
		} {
			b := Get()
			r := slog.NewRecord(time.Now(), 0, "m", 0)
			r.AddAttrs(c.attrs...)
			if err := c.e.Record(b, r); err != nil {
				t.Fatal(err)
			}
			check := func(key string, got []byte, want string, none bool) {
				if string(got) != want || (got == nil) != none {
					t.Errorf("%s, %v: %s is %q, want %q", name, c.attrs, key, got, want)
				}
			}
			check("tenant", b.Captured(0), c.tenant, c.noT)
			check("n", b.Captured(1), c.n, c.noTwo)
			b.Free()
		}
	}
}

func TestCaptureIsAfterReplaceAttr(t *testing.T) {
	e := New(Options{Capture: []string{"tenant", slog.LevelKey}, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "customer" {
			return slog.String("tenant", "hidden")
		}
		return a
	}})
	b := Get()
	defer b.Free()
	r := slog.NewRecord(time.Now(), 0, "m", 0)
	r.AddAttrs(slog.String("customer", "acme"))
	if err := e.Record(b, r); err != nil {
		t.Fatal(err)
	}
	if got := string(b.Captured(0)); got != "hidden" {
		t.Errorf("captured %q", got)
	}
	if got := b.Captured(1); got != nil {
		t.Errorf("captured %q, which is no attribute", got)
	}
}

func TestLineIsTheMessageAsItIs(t *testing.T) {
	for msg, want := range map[string]string{
		"":                       "",
		"plain":                  "plain",
		"žluťoučký 日本語 😀":        "žluťoučký 日本語 😀",
		"\"quoted\" \\ \x00\t\n": "\"quoted\" \\ \x00\t\n",
		"\xff\xc3(\xe2\x82":      "\uFFFD\uFFFD(\uFFFD\uFFFD",
		"\u2028":                 "\u2028",
	} {
		b := Get()
		if err := New(Options{}).Line(b, time.Now(), slog.LevelWarn, []byte(msg)); err != nil {
			t.Fatal(err)
		}
		if got := decode(t, &b.Events()[0]); got != want {
			t.Errorf("%q became %q, want %q", msg, got, want)
		}
		if b.Empty() != (msg == "") || b.Events()[0].Level != slog.LevelWarn {
			t.Errorf("%q: empty %t, level %v", msg, b.Empty(), b.Events()[0].Level)
		}
		b.Free()
	}
}

func TestFormatterMayWriteSeveralTimes(t *testing.T) {
	e := New(Options{NewFormatter: func(w io.Writer) slog.Handler {
		return slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
			for _, c := range p {
				if _, err := w.Write([]byte{c}); err != nil {
					return 0, err
				}
			}
			return len(p), nil
		}), nil)
	}})
	if got := line(t, e, slog.Record{Message: "a b"}); got != `level=INFO msg="a b"` {
		t.Error(got)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestFormatterErrorIsRecordsError(t *testing.T) {
	broken := errors.New("broken")
	e := New(Options{NewFormatter: func(io.Writer) slog.Handler {
		return slog.NewTextHandler(writerFunc(func([]byte) (int, error) { return 0, broken }), nil)
	}})
	b := Get()
	defer b.Free()
	if err := e.Record(b, slog.Record{}); !errors.Is(err, broken) || len(b.Events()) != 0 {
		t.Errorf("error %v and %d events", err, len(b.Events()))
	}
}

func TestFormatterIsNeverUsedByTwoAtOnce(t *testing.T) {
	e := New(Options{NewFormatter: func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }})
	e = e.Named("n").WithAttrs(attrs("w", 1)).WithGroup("g")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 100 {
				r := slog.NewRecord(time.Time{}, 0, "m", 0)
				r.AddAttrs(slog.Int("i", i))
				var got struct {
					W int
					G struct{ I int }
				}
				if err := json.Unmarshal([]byte(line(t, e, r)), &got); err != nil || got.W != 1 || got.G.I != i {
					t.Errorf("%v, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestRecordAllocatesNothing(t *testing.T) {
	base := New(Options{AddSource: true, LoggerKey: "logger", Capture: []string{"tenant"}})
	for name, e := range map[string]*Encoder{
		"json":  New(Options{}),
		"text":  New(Options{Format: Text}),
		"whole": base.Named("app").WithAttrs(attrs("tenant", "acme", "x", 1.5)).WithGroup("g"),
	} {
		logger := slog.New(testHandler{e, func(*Buffer, error) {}})
		ctx := t.Context()
		allocs := testing.AllocsPerRun(1000, func() {
			logger.LogAttrs(ctx, slog.LevelWarn, "request handled", slog.String("method", "GET"), slog.Int("status", 200),
				slog.Float64("load", 0.25), slog.Bool("cached", true), slog.Time("at", time.Unix(1, 2)))
		})
		if allocs != 0 && !raceEnabled {
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
}

func TestLargeBufferIsNotKept(t *testing.T) {
	b := Get()
	if err := New(Options{}).LineString(b, time.Now(), 0, strings.Repeat("x", 200_000)); err != nil {
		t.Fatal(err)
	}
	b.Free()
	for range 100 {
		if b := Get(); cap(b.out) > keepBytes {
			t.Fatal("a large buffer came back")
		}
	}
}
