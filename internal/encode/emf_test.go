package encode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// A document is what the specification of the embedded metric format says about
// _aws, and its JSON schema: nothing else may be in it.
type document struct {
	Timestamp         *int64
	CloudWatchMetrics []struct {
		Namespace  *string
		Dimensions [][]string
		Metrics    []struct {
			Name              *string
			Unit              *string
			StorageResolution *int
		}
	}
}

// unitPattern is the schema's.
var unitPattern = regexp.MustCompile(`^(Seconds|Microseconds|Milliseconds|Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|` +
	`Gigabits|Terabits|Percent|Count|(Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|Gigabits|Terabits|Count)\/Second|None)$`)

// validate holds a message to the specification, if it declares metrics, and
// returns how many it does.
func validate(msg string) (int, error) {
	root, counts, err := members(msg)
	if err != nil {
		return 0, err
	}
	if counts["_aws"] == 0 || root["_aws"][0] != '{' {
		return 0, nil
	}
	if counts["_aws"] > 1 {
		return 0, fmt.Errorf("_aws is there twice")
	}
	var d document
	dec := json.NewDecoder(bytes.NewReader(root["_aws"]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return 0, err
	}
	if d.Timestamp == nil || *d.Timestamp < 0 || len(d.CloudWatchMetrics) == 0 {
		return 0, fmt.Errorf("no timestamp or no metrics: %s", root["_aws"])
	}
	var names []string
	for _, c := range d.CloudWatchMetrics {
		if c.Namespace == nil || !between(*c.Namespace, 1, 1024) || len(c.Dimensions) == 0 || len(c.Metrics) == 0 || len(c.Metrics) > 100 {
			return 0, fmt.Errorf("directive: %+v", c)
		}
		for _, set := range c.Dimensions {
			if set == nil || len(set) > 30 {
				return 0, fmt.Errorf("set of %d dimensions", len(set))
			}
			for _, name := range set {
				var value string
				if !between(name, 1, 250) || counts[name] != 1 || root[name][0] != '"' || json.Unmarshal(root[name], &value) != nil || !between(value, 1, 1024) {
					return 0, fmt.Errorf("dimension %q (%d): %s", name, counts[name], root[name])
				}
			}
		}
		for _, m := range c.Metrics {
			if m.Name == nil || !between(*m.Name, 1, 1024) || m.Unit != nil && !unitPattern.MatchString(*m.Unit) ||
				m.StorageResolution != nil && *m.StorageResolution != 1 && *m.StorageResolution != 60 || counts[*m.Name] != 1 {
				return 0, fmt.Errorf("metric: %v, %d of %q", m, counts[*m.Name], *m.Name)
			}
			if err := numeric(root[*m.Name]); err != nil {
				return 0, fmt.Errorf("metric %q: %w", *m.Name, err)
			}
			names = append(names, *m.Name)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(names) {
		return 0, fmt.Errorf("a metric is declared twice: %q", names)
	}
	return len(names), nil
}

func between(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	return n >= least && n <= most
}

// numeric reports what is wrong with the target of a metric.
func numeric(raw []byte) error {
	var values []float64
	if raw[0] != '[' {
		raw = []byte("[" + string(raw) + "]")
	}
	if err := json.Unmarshal(raw, &values); err != nil {
		return err
	}
	if len(values) == 0 || len(values) > 100 {
		return fmt.Errorf("%d values", len(values))
	}
	for _, v := range values {
		if math.Abs(v) > math.Pow(2, 360) {
			return fmt.Errorf("value %g", v)
		}
	}
	return nil
}

// members takes an object apart, and counts its keys.
func members(msg string) (map[string]json.RawMessage, map[string]int, error) {
	values, counts := map[string]json.RawMessage{}, map[string]int{}
	dec := json.NewDecoder(strings.NewReader(msg))
	if t, err := dec.Token(); t != json.Delim('{') {
		return nil, nil, fmt.Errorf("no object: %v, %w", t, err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, nil, err
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, nil, err
		}
		values[key.(string)] = raw
		counts[key.(string)]++
	}
	if _, err := dec.Token(); err != nil {
		return nil, nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, nil, fmt.Errorf("more follows: %w", err)
	}
	return values, counts, nil
}

// metered makes a message of attributes, and collects what is reported.
func metered(t *testing.T, o Options, attrs ...slog.Attr) (msg string, told []string) {
	t.Helper()
	o.Namespace = "app"
	o.Report = func(metric string, d Dimensions, why string) {
		told = append(told, strings.TrimSpace(metric+" "+strings.Join(d, ","))+": "+why)
	}
	r := slog.NewRecord(time.UnixMilli(1763670000123).UTC(), slog.LevelInfo, "m", 0)
	r.AddAttrs(attrs...)
	return line(t, New(o), r), told
}

func metric(name string, values ...float64) slog.Attr {
	if len(values) == 1 {
		return slog.Any(name, &Metric{Value: values[0]})
	}
	return slog.Any(name, &Metric{Values: append([]float64{}, values...)})
}

func dims(names ...string) slog.Attr { return slog.Any("", Dimensions(names)) }

func TestMetricsAreDeclaredAsTheFormatWants(t *testing.T) {
	head := `{"time":"2025-11-20T20:20:00.123Z","level":"INFO","msg":"m",`
	aws := `"_aws":{"Timestamp":1763670000123,"CloudWatchMetrics":[{"Namespace":"app","Dimensions":`
	for _, c := range []struct {
		name  string
		attrs []slog.Attr
		want  string
	}{
		{"one", []slog.Attr{metric("Latency", 12.3)}, `"Latency":12.3,` + aws + `[[]],"Metrics":[{"Name":"Latency"}]}]}}`},
		{
			"unit, resolution, samples",
			[]slog.Attr{slog.Any("L", &Metric{Values: []float64{1, 2.5}, Unit: "Milliseconds", High: true})},
			`"L":[1,2.5],` + aws + `[[]],"Metrics":[{"Name":"L","Unit":"Milliseconds","StorageResolution":1}]}]}}`,
		},
		{
			"dimensions",
			[]slog.Attr{dims("Service"), metric("A", 1), slog.String("Service", "s"), dims("Service", "Op", "Op"), slog.String("Op", "o")},
			`"Service":"s","Op":"o","A":1,` + aws + `[["Service"],["Service","Op"]],"Metrics":[{"Name":"A"}]}]}}`,
		},
		{
			"in a group",
			[]slog.Attr{slog.Group("g", slog.Int("n", 1), metric("A", 1)), slog.Group("gone", metric("B", 2))},
			`"g":{"n":1},"A":1,"B":2,` + aws + `[[]],"Metrics":[{"Name":"A"},{"Name":"B"}]}]}}`,
		},
		{"same name", []slog.Attr{metric("A", 1), metric("A", 2, 3)}, `"A":[1,2,3],` + aws + `[[]],"Metrics":[{"Name":"A"}]}]}}`},
		{"strange name", []slog.Attr{metric("a\"\n\u2028\xff", 1)}, "\"a\\\"\\n\\u2028\ufffd\":1," + aws + "[[]],\"Metrics\":[{\"Name\":\"a\\\"\\n\u2028\ufffd\"}]}]}}"},
		{"no metrics", []slog.Attr{dims("Service"), slog.String("Service", "s")}, `"Service":"s"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, told := metered(t, Options{}, c.attrs...)
			if diff := cmp.Diff(head+c.want, got); diff != "" {
				t.Error(diff)
			}
			if _, err := validate(got); err != nil || told != nil {
				t.Error(err, told)
			}
		})
	}
}

func TestWhatBreaksALimitIsToldAndStaysAnAttribute(t *testing.T) {
	var names []string
	var many []slog.Attr
	for i := range 31 {
		names = append(names, fmt.Sprint("d", i))
		many = append(many, slog.String(names[i], "x"))
	}
	with := func(attrs []slog.Attr, more ...slog.Attr) []slog.Attr { return append(slices.Clip(attrs), more...) }
	one := []slog.Attr{metric("Good", 1)}
	s := slog.String("S", "s")
	for _, c := range []struct {
		name  string
		attrs []slog.Attr
		told  string
		want  int // metrics declared
	}{
		{"NaN", with(one, metric("M", math.NaN())), "M: a value is no number", 1},
		{"infinite", with(one, metric("M", 1, math.Inf(-1))), "M: a value is no number", 1},
		{"too large", with(one, metric("M", 1e300)), "M: a value is no number", 1},
		{"no values", with(one, metric("M")), "M: it has no value", 1},
		{"many values", with(one, metric("M", make([]float64, 101)...)), "M: it has 101 values", 1},
		{"many values in two", with(one, metric("M", make([]float64, 60)...), metric("M", make([]float64, 60)...)), "M: it has 120 values", 1},
		{"blank", with(one, metric(" ", 1)), ": its name is blank", 1},
		{"long", with(one, metric(strings.Repeat("é", 1025), 1)), "its name has 1025 characters", 1},
		{"unit", with(one, slog.Any("M", &Metric{Unit: "Parsecs"})), "M: its unit is not known", 1},
		{"two units", with(one, slog.Any("M", &Metric{Unit: "Bytes"}), metric("M", 1)), "M: the record has another of that name", 1},
		{"taken", with(one, metric("M", 1), slog.String("M", "x")), "M: the record has another attribute", 1},
		{"taken by ours", with(one, metric("level", 1)), "level: the record has another attribute", 1},
		{"kept", with(one, metric("_truncated", 1)), "_truncated: its name is kept", 1},
		{"_aws", with(one, slog.String("_aws", "mine")), "Good: the record has an attribute _aws of its own", 0},
		{"_aws as a metric", with(one, metric("_aws", 1)), "Good: the record has an attribute _aws of its own", 0},
		{"31 dimensions", with(many, metric("Good", 1), dims(names...)), "d0,", 0},
		{"a set of two", with(one, s, dims("S"), dims("S", "missing")), `S,missing: the record has no top-level attribute "missing"`, 1},
		{"no string", with(one, slog.Int("S", 1), dims("S")), `S: the value of "S" is no string`, 0},
		{"twice", with(one, s, s, dims("S")), `S: the record has 2 top-level attributes "S"`, 0},
		{"in a group", with(one, slog.Group("g", s), dims("S")), `S: the record has no top-level attribute "S"`, 0},
		{"empty value", with(one, slog.String("S", ""), dims("S")), `S: the value of "S"`, 0},
		{"long value", with(one, slog.String("S", strings.Repeat("x", 1025)), dims("S")), `S: the value of "S"`, 0},
		{"not ASCII", with(one, slog.String("S", "é"), dims("S")), `S: the value of "S"`, 0},
		{"colon", with(one, slog.String(":S", "x"), dims(":S")), `:S: a name has 1 to 250`, 0},
		{"empty name", with(one, slog.String("", "x"), dims("")), `: a name has 1 to 250`, 0},
		{"a metric", with(one, metric("S", 1), dims("S")), `S: "S" is also a metric`, 0},
		{"a metric with a dimension's name", with(one, s, metric("S", 1), dims("S")), `S: "S" is also a metric`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, told := metered(t, Options{}, c.attrs...)
			n, err := validate(got)
			if err != nil || n != c.want {
				t.Errorf("%d declared, want %d; %v\n%s", n, c.want, err, got)
			}
			if len(told) == 0 || !strings.Contains(strings.Join(told, "\n"), c.told) {
				t.Errorf("told %q, not %q", told, c.told)
			}
			if strings.Contains(strings.Join(told, "\n"), "é") && c.name == "not ASCII" {
				t.Errorf("the value is told: %q", told)
			}
		})
	}
}

func TestHundredsOfMetricsAreSeveralDirectives(t *testing.T) {
	var attrs []slog.Attr
	for i := range 250 {
		attrs = append(attrs, metric(fmt.Sprint("m", i), float64(i)))
	}
	got, told := metered(t, Options{}, attrs...)
	if n, err := validate(got); n != 250 || err != nil || told != nil || strings.Count(got, `"Namespace"`) != 3 {
		t.Errorf("%d, %v, %q", n, err, told)
	}
}

func TestMetricsOfWithAreInEachRecord(t *testing.T) {
	e := New(Options{Namespace: "app"}).WithGroup("g").WithAttrs([]slog.Attr{metric("A", 1)}).
		WithAttrs([]slog.Attr{slog.Int("n", 1)}).Named("x")
	for range 2 {
		r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
		r.AddAttrs(metric("B", 2))
		got := line(t, e, r)
		if n, err := validate(got); n != 2 || err != nil || !strings.Contains(got, `"g":{"n":1},"A":1,"B":2,"_aws"`) {
			t.Errorf("%v: %s", err, got)
		}
	}
}

func TestWithoutNamespaceMetricsAreAttributes(t *testing.T) {
	for o, want := range map[Format]string{JSON: `"msg":"m","L":1.5,"V":[1,2]}`, Text: `msg=m L=1.5 V="[1 2]"`} {
		r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
		r.AddAttrs(metric("L", 1.5), metric("V", 1, 2), dims("S"))
		if got := line(t, New(Options{Format: o, Namespace: strings.Repeat("n", int(o))}), r); !strings.HasSuffix(got, want) {
			t.Errorf("%s", got)
		}
	}
}

func TestShrinkKeepsMetricsWhole(t *testing.T) {
	long, service := strings.Repeat("long ", 400), strings.Repeat("s", 300)
	attrs := []slog.Attr{slog.String("a", long), metric("A", 1), slog.String("Service", service), dims("Service"), slog.Any("b", []string{long, long})}
	got, _ := metered(t, Options{MaxSize: 1024}, attrs...)
	if n, err := validate(got); n != 1 || err != nil || len(got) > 1024 || !strings.Contains(got, service) {
		t.Errorf("%d metrics, %d bytes, %v: %s", n, len(got), err, got)
	}
	got, _ = metered(t, Options{MaxSize: 512}, attrs...) // there is no room for them
	if n, err := validate(got); n != 0 || err != nil || len(got) > 512 || strings.Contains(got, `"_aws":{"T`) || !strings.Contains(got, `"A":1`) {
		t.Errorf("%d metrics, %d bytes, %v: %s", n, len(got), err, got)
	}
}

// Whatever is given, no message declares metrics otherwise than the format wants.
func FuzzMetrics(f *testing.F) {
	f.Add("Latency", "Service", "checkout", "Milliseconds", "group", 12.3, uint16(1), uint16(0))
	f.Add("_aws", "msg", "\xff\"", "", "", math.NaN(), uint16(101), uint16(0xffff))
	f.Add("a\xff", "a\ufffd", "", "Count/Second", "Latency", 1e300, uint16(300), uint16(0x0f))
	f.Fuzz(func(t *testing.T, name, key, value, unit, group string, x float64, n, shape uint16) {
		attrs := []slog.Attr{slog.Any(name, &Metric{Value: x, Unit: unit, High: shape&1 != 0}), slog.String(key, value), dims(key)}
		if shape&2 != 0 {
			attrs = append(attrs, metric(value, x, 1), dims(value, key), slog.Group(group, metric(key, x), slog.String(name, value)))
		}
		for i := range int(n) % 300 {
			if shape&4 != 0 {
				attrs = append(attrs, metric(fmt.Sprint(name, i), float64(i)))
			} else {
				attrs = append(attrs, metric(name, float64(i)))
			}
		}
		o := Options{Namespace: "n", LoggerKey: "logger", Redact: func(_, v string) string { return v }}
		if shape&8 != 0 {
			o.MaxSize = int(shape>>8) * 64
		}
		e := New(o)
		if shape&16 != 0 {
			e = e.WithAttrs(attrs[:2]).Named(value)
		}
		if shape&32 != 0 {
			e = e.WithGroup(group).WithAttrs(attrs[1:])
		}
		if shape&64 != 0 {
			attrs = append(attrs, slog.Any(group, map[string]any{name: value}))
		}
		r := slog.NewRecord(time.UnixMilli(1763670000123), slog.LevelInfo, value, 0)
		r.AddAttrs(attrs...)
		got := line(t, e, r)
		if _, err := validate(got); err != nil || o.MaxSize > 0 && len(got) > max(o.MaxSize, MinMaxSize) {
			t.Errorf("%v (%d bytes): %s", err, len(got), got)
		}
	})
}
