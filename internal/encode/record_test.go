package encode

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRecordPassesSlogtest(t *testing.T) {
	formatter := func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }
	for name, o := range map[string]Options{
		"json":      {},
		"capture":   {Capture: []string{"a", "b"}},
		"source":    {AddSource: true},
		"replace":   {ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { return a }},
		"formatter": {NewFormatter: formatter},
	} {
		t.Run(name, func(t *testing.T) {
			var results []map[string]any
			h := testHandler{New(o), func(b *Buffer, err error) {
				if err != nil {
					t.Fatal(err)
				}
				var m map[string]any
				if err := json.Unmarshal([]byte(decode(t, &b.Events()[0])), &m); err != nil {
					t.Fatal(err)
				}
				results = append(results, m)
			}}
			if err := slogtest.TestHandler(h, func() []map[string]any { return results }); err != nil {
				t.Error(err)
			}
		})
	}
}

// attrCases are attributes that we write exactly as slog does, in JSON and in
// text, but for the byte.
var attrCases = []slog.Attr{
	{},
	slog.String("plain", "hello"),
	slog.String("", "no key"),
	slog.String("empty", ""),
	slog.String("blank and = sign", `C:\dir = "x"`),
	slog.String("controls", "a\x00b\x1f\tc\nd\re\x7f"),
	slog.String("runes", "žluťoučký 日本語 😀 \u2028 \u2029 <&>"),
	slog.String("quote\"d\nkey", "日\"本"),
	slog.Int("int", -42),
	slog.Int64("min", math.MinInt64),
	slog.Uint64("max", math.MaxUint64),
	slog.Bool("yes", true),
	slog.Duration("elapsed", 90*time.Second+7),
	slog.Time("at", time.Date(2025, 1, 2, 3, 4, 5, 60_700_000, time.FixedZone("", 3600))),
	slog.Time("zero", time.Time{}),
	slog.Float64("half", 0.5),
	slog.Float64("tiny", 1e-9),
	slog.Float64("huge", -1.5e300),
	slog.Float64("1e21", 1e21),
	slog.Float64("nan", math.NaN()),
	slog.Float64("inf", math.Inf(-1)),
	slog.Any("nil", nil),
	slog.Any("err", errors.New("it \"failed\"\nbadly")),
	slog.Any("level", slog.LevelWarn+1),
	slog.Any("bytes", []byte("by\"tes")),
	slog.Any("named bytes", json.RawMessage(`{"a":[1,"<b>"]}`)),
	slog.Any("map", map[string]any{"k": "v\"<", "n": []int{1, 2}}),
	slog.Any("struct", struct {
		A string `json:"a"`
		B int
	}{"x", 1}),
	slog.Any("addr", netip.MustParseAddr("127.0.0.1")),
	slog.Any("chan", make(chan int)),
	slog.Any("source", &slog.Source{Function: "f", File: "x.go", Line: 3}),
	slog.Any("no source", &slog.Source{}),
	slog.Group("g", slog.Int("a", 1), slog.Group("h", slog.String("b c", "2")), slog.Int("d", 4)),
	slog.Group("", slog.Int("inline", 1)),
	slog.Group("hollow"),
	slog.Any("valuer", valuer{slog.StringValue("resolved")}),
	slog.Any("valued group", valuer{slog.GroupValue(slog.Any("in", valuer{slog.IntValue(1)}))}),
}

type valuer struct{ v slog.Value }

func (v valuer) LogValue() slog.Value { return v.v }

// chains are With… calls to test below.
var chains = map[string]func(slog.Handler) slog.Handler{
	"bare":  func(h slog.Handler) slog.Handler { return h },
	"attrs": func(h slog.Handler) slog.Handler { return h.WithAttrs([]slog.Attr{slog.Int("w", 1)}) },
	"group": func(h slog.Handler) slog.Handler { return h.WithGroup("g 1") },
	"all": func(h slog.Handler) slog.Handler {
		return h.WithAttrs([]slog.Attr{slog.Int("w", 1)}).WithGroup("g").WithGroup("h").
			WithAttrs([]slog.Attr{slog.String("x", "y z"), slog.Group("k", slog.Int("l", 2))}).WithGroup("i")
	},
}

// replacers are ReplaceAttr functions to test below.
var replacers = map[string]func([]string, slog.Attr) slog.Attr{
	"nil": nil,
	"show": func(groups []string, a slog.Attr) slog.Attr {
		a.Key = fmt.Sprintf("%s.%s", strings.Join(groups, "/"), a.Key)
		return a
	},
	"no builtins": func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && strings.Contains("time level msg", a.Key) {
			return slog.Attr{}
		}
		return a
	},
	"new kinds": func(_ []string, a slog.Attr) slog.Attr {
		switch a.Value.Kind() {
		case slog.KindTime:
			return slog.Int64("ts", a.Value.Time().Unix())
		case slog.KindInt64:
			return slog.Group(a.Key, slog.String("was", a.Value.String()))
		}
		return a
	},
}

func TestRecordIsWhatSlogWrites(t *testing.T) {
	const pc = 0
	for _, format := range []Format{JSON, Text} {
		for chain, with := range chains {
			for replacer, replace := range replacers {
				for _, a := range append(attrCases, slog.Attr{Key: "last"}) {
					t.Run(fmt.Sprint(format, "/", chain, "/", replacer, "/", a.Key), func(t *testing.T) {
						r := slog.NewRecord(time.Date(2025, 11, 20, 20, 20, 0, 120_000_000, time.Local), slog.LevelError+2, "a \"message\"", pc)
						r.AddAttrs(a, slog.Int("after", 1))
						compare(t, Options{Format: format, ReplaceAttr: replace}, with, r)
					})
				}
			}
		}
	}
}

// compare fails if the message of r is not the line that slog's own handler writes.
func compare(t *testing.T, o Options, with func(slog.Handler) slog.Handler, r slog.Record) {
	t.Helper()
	var want bytes.Buffer
	opts := &slog.HandlerOptions{ReplaceAttr: o.ReplaceAttr, AddSource: o.AddSource}
	h := slog.Handler(slog.NewJSONHandler(&want, opts))
	if o.Format == Text {
		h = slog.NewTextHandler(&want, opts)
	}
	if err := with(h).Handle(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	got := line(t, with(testHandler{e: New(o)}).(testHandler).e, r)
	if diff := cmp.Diff(strings.TrimSuffix(want.String(), "\n"), got); diff != "" {
		t.Error("-slog +ours\n", diff)
	}
}

func TestTimesAreWhatSlogWrites(t *testing.T) {
	paris := time.FixedZone("Paris", 3600)
	times := []time.Time{
		{},
		time.Unix(0, 0), time.Unix(0, 5e6), time.Unix(1, 0).UTC(), time.Unix(-1, 5),
		time.Date(2025, 11, 20, 20, 20, 0, 0, paris),
		time.Date(2025, 11, 20, 20, 20, 0, 1, paris),
		time.Date(2025, 11, 20, 20, 20, 0, 1, paris).UTC(), // the same second in another zone
		time.Date(2025, 11, 20, 20, 20, 0, 999_999_999, time.UTC),
		time.Date(2025, 11, 20, 20, 20, 0, 999_999_990, time.FixedZone("", -5400)),
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		time.Now(),
	}
	for _, format := range []Format{JSON, Text} {
		for _, at := range times {
			for range 2 { // from the cache too
				r := slog.NewRecord(at, slog.LevelInfo, "m", 0)
				compare(t, Options{Format: format}, chains["bare"], r)
			}
		}
	}
}

func TestLevelsAreWhatSlogWrites(t *testing.T) {
	for l := slog.Level(-6); l < 12; l++ {
		if got := string(appendLevel(nil, l)); got != l.String() {
			t.Errorf("%d is %q, want %q", l, got, l.String())
		}
	}
}

func TestTimestampIsTheRecordsOwn(t *testing.T) {
	for at, want := range map[time.Time]int64{
		time.UnixMilli(1763670000123): 1763670000123,
		time.UnixMilli(7):             7,
		time.UnixMilli(-7):            0, // the service knows no such time
		time.Unix(1763670000, 999999): 1763670000000,
		time.Unix(1763670000, 1e9-1):  1763670000999,
		time.Unix(260_000_000_000, 0): 260_000_000_000_000,
	} {
		b := Get()
		if err := New(Options{}).Record(b, slog.NewRecord(at, 0, "m", 0)); err != nil {
			t.Fatal(err)
		}
		decode(t, &b.Events()[0])
		if got := b.Events()[0].Time; got != want {
			t.Errorf("%v has timestamp %d, want %d", at, got, want)
		}
		b.Free()
	}
}

func TestRecordWithoutTimeHasTheTimeOfTheCall(t *testing.T) {
	b := Get()
	defer b.Free()
	before := time.Now().UnixMilli()
	if err := New(Options{}).Record(b, slog.Record{Message: "m"}); err != nil {
		t.Fatal(err)
	}
	if got := b.Events()[0].Time; got < before || got > time.Now().UnixMilli() {
		t.Errorf("timestamp %d is not now", got)
	}
	if got, want := decode(t, &b.Events()[0]), `{"level":"INFO","msg":"m"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestYearThatCannotBeWrittenLeavesJSONValid(t *testing.T) {
	r := slog.NewRecord(time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC), 0, "m", 0)
	got := line(t, New(Options{}), r)
	if !json.Valid([]byte(got)) || !strings.Contains(got, "!ERROR:") {
		t.Error(got)
	}
}

func TestStructWithTextIsItsText(t *testing.T) {
	u, err := url.Parse("https://example.com/?q=1")
	if err != nil {
		t.Fatal(err)
	}
	r := slog.NewRecord(time.Time{}, 0, "m", 0)
	r.AddAttrs(slog.Any("url", u), slog.Any("month", time.May))
	got := line(t, New(Options{}), r)
	if want := `{"level":"INFO","msg":"m","url":"https://example.com/?q=1","month":5}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestGroupOfLogValuerThatIsEmptyIsLeftOut(t *testing.T) {
	r := slog.NewRecord(time.Time{}, 0, "m", 0)
	r.AddAttrs(slog.Any("g", valuer{slog.GroupValue()}))
	got := line(t, New(Options{}).WithGroup("outer"), r)
	if want := `{"level":"INFO","msg":"m"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
