package pyformat

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// FuzzParse holds that any format is taken or refused with an error that has
// its place, and that what is taken formats any record.
func FuzzParse(f *testing.F) {
	p := readPython(f)
	for _, c := range p.Cases {
		f.Add(c.Format, c.DateFmt, c.Style)
	}
	for _, list := range []map[string][]string{p.Refused, p.Failing} {
		for style, formats := range list {
			for _, format := range formats {
				f.Add(format, "", style)
			}
		}
	}
	f.Add("%(message)s", "%-5d %:z %E", "%")
	records := p.records(f)
	f.Fuzz(func(t *testing.T, format, datefmt, style string) {
		parsed, err := Parse(format, datefmt, style)
		if err != nil {
			e, ok := errors.AsType[*ParseError](err)
			if !ok {
				t.Fatalf("%v is no *ParseError", err)
			}
			whole := format
			switch {
			case e.DateFmt:
				whole = datefmt
			case strings.Contains(e.Problem, "unknown style"):
				whole = style
			}
			if !strings.HasPrefix(whole[e.Offset:], e.Text) || e.Problem == "" {
				t.Fatalf("%q has no %q at %d", whole, e.Text, e.Offset)
			}
			return
		}
		for _, r := range records {
			if got := parsed.Append([]byte("x"), r); got[0] != 'x' {
				t.Fatal("what dst had is lost")
			}
		}
		for _, name := range parsed.Fields() {
			if name == "" || !strings.Contains(format+"message", name) {
				t.Fatalf("%q does not have the field %q", format, name)
			}
		}
	})
}

// FuzzAppend holds that any record is formatted, and that its message stands in
// the line as it is.
func FuzzAppend(f *testing.F) {
	p := readPython(f)
	for _, r := range p.Records {
		f.Add(r.Name, r.Message, r.PathName, r.Func, r.Line, r.Level, r.NS, r.Extra.Tenant, r.Extra.Count, 1.5)
	}
	f.Add("\xff", "\xff%s{}$", "a/.", "..", -1, 1<<30, int64(-1), "'\"\\\xe2", int64(-1<<63), 5e-324)
	var formats []*Format
	for _, c := range p.Cases {
		parsed, err := Parse(c.Format, c.DateFmt, c.Style)
		if err != nil {
			f.Fatal(err)
		}
		formats = append(formats, parsed)
	}
	f.Fuzz(func(t *testing.T, name, message, path, function string, line, level int, ns int64, tenant string, count int64, amount float64) {
		values := map[string]slog.Value{
			"tenant": slog.StringValue(tenant), "count": slog.Int64Value(count), "amount": slog.Float64Value(amount), "ok": slog.BoolValue(line > 0),
		}
		r := &Record{
			Name: name, Level: slog.Level(level), Message: message, Time: time.Unix(0, ns), PathName: path, Func: function, Line: line,
			Attr: func(key string) (slog.Value, bool) { v, ok := values[key]; return v, ok },
		}
		for _, parsed := range formats {
			parsed.Append(nil, r)
		}
		if got := string(formats[0].Append(nil, r)); got != message {
			t.Fatalf("the message %q came out as %q", message, got)
		}
	})
}
