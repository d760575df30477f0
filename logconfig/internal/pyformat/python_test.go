package pyformat

import (
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the test, on a machine without any

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

// python is testdata/formats.json, which testdata/formats.py wrote.
type python struct {
	Started int64
	Process int
	Records []struct {
		Name     string
		Level    int
		Message  string
		NS       int64
		PathName string
		Func     string
		Line     int
		Extra    struct {
			Tenant string
			Amount json.RawMessage
			Count  int64
			OK     *bool
		}
	}
	Cases []struct {
		Format, DateFmt, Style, Zone string
		Want                         []*string // nil where Python failed
	}
	Refused, Failing map[string][]string
}

func readPython(t testing.TB) python {
	t.Helper()
	text, err := os.ReadFile("testdata/formats.json")
	if err != nil {
		t.Fatal(err)
	}
	var p python
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// records are Python's records, as ours.
func (p python) records(t testing.TB) []*Record {
	t.Helper()
	var records []*Record
	for _, r := range p.Records {
		amount := slog.AnyValue(nil)
		var number float64
		if json.Unmarshal(r.Extra.Amount, &number) == nil {
			amount = slog.Float64Value(number)
		}
		if string(r.Extra.Amount) == `"inf"` {
			amount = slog.Float64Value(inf())
		}
		extra := map[string]slog.Value{
			"tenant": slog.StringValue(r.Extra.Tenant),
			"amount": amount,
			"count":  slog.Int64Value(r.Extra.Count),
			"ok":     slog.AnyValue(nil),
		}
		if r.Extra.OK != nil {
			extra["ok"] = slog.BoolValue(*r.Extra.OK)
		}
		records = append(records, &Record{
			Name: r.Name, Level: levelOf(t, r.Level), Message: r.Message, Time: time.Unix(0, r.NS),
			PathName: r.PathName, Func: r.Func, Line: r.Line,
			Attr: func(key string) (slog.Value, bool) {
				v, ok := extra[key]
				return v, ok
			},
		})
	}
	return records
}

func inf() float64 {
	huge := 1e308
	return huge * 10
}

func levelOf(t testing.TB, number int) slog.Level {
	for l := slog.LevelDebug; l <= slog.LevelError+4; l++ {
		if pyrecord.LevelNumber(l) == number {
			return l
		}
	}
	t.Fatalf("no level has the number %d", number)
	return 0
}

// pretend gives the process Python's start and id.
func (p python) pretend(t testing.TB) {
	s, id := pyrecord.Started, pyrecord.Process
	pyrecord.Started, pyrecord.Process = time.Unix(0, p.Started), p.Process
	t.Cleanup(func() { pyrecord.Started, pyrecord.Process = s, id })
}

func TestFormatsComeOutAsPythonHasThem(t *testing.T) {
	p := readPython(t)
	p.pretend(t)
	records := p.records(t)
	formats := map[string]bool{}
	for _, c := range p.Cases {
		formats[c.Style+c.Format+"\x00"+c.DateFmt] = true
		f, err := Parse(c.Format, c.DateFmt, c.Style)
		if err != nil {
			t.Errorf("%q: %v", c.Format, err)
			continue
		}
		f.date.zone, err = time.LoadLocation(c.Zone)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.Want {
			if want == nil {
				f.Append(nil, records[i])
				continue
			}
			if got := string(f.Append([]byte("before "), records[i])); got != "before "+*want {
				t.Errorf("%s %q, datefmt %q, in %s, record %d (-Python +got):\n%s",
					c.Style, c.Format, c.DateFmt, c.Zone, i, cmp.Diff("before "+*want, got))
			}
		}
	}
	if len(formats) < 40 {
		t.Errorf("%d formats were compared, want 40 at least", len(formats))
	}
}

func TestWhatPythonRefusesIsRefused(t *testing.T) {
	p := readPython(t)
	n := 0
	for _, list := range []map[string][]string{p.Refused, p.Failing} {
		for style, formats := range list {
			for _, format := range formats {
				n++
				if _, err := Parse(format, "", style); err == nil {
					t.Errorf("%s %q is taken", style, format)
				}
			}
		}
	}
	if n < 80 {
		t.Errorf("%d formats were tried, want 80 at least", n)
	}
}

func TestFieldsAreEachNamedOnce(t *testing.T) {
	f, err := Parse("%(asctime)s %(tenant)s %(name)s %(tenant)r %%(x)s", "", "%")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"asctime", "tenant", "name"}, f.Fields()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The names that the package doc promises.
func TestEveryLogRecordAttributeIsKnown(t *testing.T) {
	const all = "name levelno levelname pathname filename module lineno funcName created asctime msecs " +
		"relativeCreated thread threadName taskName process processName message msg args exc_info exc_text stack_info"
	for name := range strings.FieldsSeq(all) {
		for style, format := range map[string]string{"%": "%(" + name + ")s", "{": "{" + name + "}", "$": "$" + name} {
			f, err := Parse(format, "", style)
			if err != nil {
				t.Errorf("%s: %v", format, err)
				continue
			}
			if got := string(f.Append(nil, &Record{Name: "n", Message: "m", Func: "f"})); got == missing {
				t.Errorf("%s is not known", format)
			}
		}
	}
	if n := len(slices.Collect(strings.FieldsSeq(all))); n != len(own) {
		t.Errorf("%d names are known, want %d", len(own), n)
	}
}
