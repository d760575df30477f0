package pyformat

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

type panics struct{}

func (panics) String() string { panic("no") }

type valuer struct{}

func (valuer) LogValue() slog.Value { return slog.StringValue("resolved") }

func TestAttributesComeOutAsPythonsValuesDo(t *testing.T) {
	cases := []struct {
		style, format string
		value         any
		want          string
	}{
		{"%", "%(v)s", nil, "None"},
		{"%", "%(v)r", nil, "None"},
		{"%", "%(v)s", true, "True"},
		{"%", "%(v)d", true, "1"},
		{"{", "{v:5}", false, "    0"},
		{"{", "{v}", false, "False"},
		{"{", "{v:.1f}", true, "1.0"},
		{"%", "%(v)s", uint64(math.MaxUint64), "18446744073709551615"},
		{"{", "{v:,}", uint64(math.MaxUint64), "18,446,744,073,709,551,615"},
		{"%", "%(v)e", uint64(math.MaxUint64), "1.844674e+19"},
		{"%", "%(v)d", int64(math.MinInt64), "-9223372036854775808"},
		{"%", "%(v)d", 3.99, "3"},
		{"%", "%(v)d", -3.99, "-3"},
		{"%", "%(v)+30d", 1e22, "      +10000000000000000000000"},
		{"%", "%(v)s", math.NaN(), "nan"},
		{"%", "%(v)05d", math.NaN(), "  nan"},
		{"%", "%(v)F", math.Inf(-1), "-INF"},
		{"{", "{v:010,}", math.Inf(1), "0000000inf"},
		{"{", "{v:c}", -1, "\uFFFD"},
		{"{", "{v:n}", 1.5, "1.5"},
		{"{", "{v:n}", 1234567, "1234567"},
		{"%", "%(v)s", 1500 * time.Millisecond, "1.5s"},
		{"%", "%(v)s", time.Date(2026, 1, 2, 3, 4, 5, 60, time.UTC), "2026-01-02T03:04:05.00000006Z"},
		{"%", "%(v)s", errors.New("refused"), "refused"},
		{"%", "%(v)s", valuer{}, "resolved"},
		{"%", "%(v)s", panics{}, "%!v(PANIC=String method: no)"},
		{"%", "%(v)r", "it's", `"it's"`},

		// What is not of the kind that the conversion wants is shown whole.
		{"%", "%(v).1f|", "12.75", "12.75|"},
		{"%", "%(v)08d|", "text", "    text|"},
		{"%", "%(v)-8d|", "text", "text    |"},
		{"{", "{v:.1f}|", "12.75", "12.75|"},
		{"{", "{v:08d}|", "text", "text0000|"},
		{"%", "%(v)x", 1.5, "1.5"},

		// A field that the record does not have.
		{"%", "%(other)s", 0, "-"},
		{"%", "%(other)5d|", 0, "    -|"},
		{"{", "{other:5}|", 0, "-    |"},
		{"$", "$other", 0, "-"},
	}
	for _, c := range cases {
		f, err := Parse(c.format, "", c.style)
		if err != nil {
			t.Error(err)
			continue
		}
		r := &Record{Attr: func(key string) (slog.Value, bool) { return slog.AnyValue(c.value), key == "v" }}
		if got := string(f.Append(nil, r)); got != c.want {
			t.Errorf("%s of %v: got %q, want %q", c.format, c.value, got, c.want)
		}
	}
	f, _ := Parse("$x", "", "$")
	if got := string(f.Append(nil, &Record{})); got != "-" {
		t.Errorf("without Attr: got %q", got)
	}
}

func TestLevelsHavePythonsNumbersAndNames(t *testing.T) {
	cases := []struct {
		level  slog.Level
		number int
		name   string
	}{
		{slog.LevelDebug, 10, "DEBUG"},
		{slog.LevelInfo, 20, "INFO"},
		{slog.LevelInfo + 1, 22, "Level 22"},
		{slog.LevelInfo + 2, 25, "Level 25"},
		{slog.LevelWarn, 30, "WARNING"},
		{slog.LevelError, 40, "ERROR"},
		{slog.LevelError + 4, 50, "CRITICAL"},
		{slog.LevelError + 6, 55, "Level 55"},
		{slog.LevelDebug - 4, 0, "NOTSET"},
		{slog.LevelDebug - 5, -3, "Level -3"},
	}
	f, err := Parse("%(levelno)d %(levelname)s", "", "%")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if n, name := pyrecord.LevelNumber(c.level), pyrecord.LevelName(c.level); n != c.number || name != c.name {
			t.Errorf("%v: got %d %q, want %d %q", c.level, n, name, c.number, c.name)
		}
		if got, want := string(f.Append(nil, &Record{Level: c.level})), fmt.Sprint(c.number, " ", c.name); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSourcesAreShortenedAsPythonDoes(t *testing.T) {
	cases := []struct{ path, function, want string }{
		{"", "", "(unknown file)|(unknown file)|(unknown file)|(unknown function)"},
		{"/a/b/c.go", "example.com/x/b.(*T).Serve", "/a/b/c.go|c.go|c|(*T).Serve"},
		{"c.tar.gz", "main.main.func1", "c.tar.gz|c.tar.gz|c.tar|main.func1"},
		{"/a/..go", "main", "/a/..go|..go|..go|main"},
		{"/a/.x.go", "f", "/a/.x.go|.x.go|.x|f"},
	}
	f, err := Parse("%(pathname)s|%(filename)s|%(module)s|%(funcName)s", "", "%")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if got := string(f.Append(nil, &Record{PathName: c.path, Func: c.function})); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
