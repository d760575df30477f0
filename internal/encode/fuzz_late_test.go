package encode

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Whatever a record holds, a mark stands where it belongs, and nothing else is taken
// for one: the body of a request would not be JSON otherwise.
func FuzzLateFields(f *testing.F) {
	f.Add("m", "key", "value", "task", "5f", uint16(0))
	f.Add("}\"}\x01\x02", "\x01", "}", "a\"\x02", "\\\x00é", uint16(0xffff))
	f.Fuzz(func(t *testing.T, msg, key, value, field, text string, shape uint16) {
		format := Format(shape & 1)
		l := NewLate(format, []LateField{{field, func() string { return text }, text}})
		o := Options{Format: format, Late: l, MaxSize: int(shape>>8) * 32, Oversize: Oversize(shape >> 1 & 1)}
		if shape&4 != 0 {
			o.Namespace = "n"
		}
		if shape&8 != 0 {
			o.ReplaceAttr = func([]string, slog.Attr) slog.Attr { return slog.Attr{} }
		}
		r := slog.NewRecord(time.UnixMilli(1763670000123), slog.LevelInfo, msg, 0)
		r.AddAttrs(slog.String(key, value), slog.Any(key, &Metric{Value: 1}))
		b := Get()
		defer b.Free()
		if err := New(o).Record(b, r); err != nil {
			t.Fatal(err)
		}
		for i := range b.Events() {
			e := b.Events()[i]
			before := Message(&e)
			if e.Size != len(before) {
				t.Errorf("%d bytes: %q", e.Size, before)
			}
			l.Complete(&e)
			after := Message(&e)
			if e.Size != len(after) || !json.Valid(e.Fragment) || !utf8.Valid(e.Fragment) || l.Complete(&e) {
				t.Errorf("%d bytes of %q: %s", e.Size, after, e.Fragment)
			}
			if format == JSON && (!json.Valid([]byte(before)) || !json.Valid([]byte(after))) {
				t.Errorf("no JSON: %q, %q", before, after)
			}
			if len(text)+len(field) < 20 && len(after) > max(o.MaxSize, MinMaxSize) && o.MaxSize > 0 {
				t.Errorf("%d bytes, at most %d: %q", len(after), o.MaxSize, after)
			}
			if strings.ContainsAny(string(e.Fragment), "\x01\x02") {
				t.Errorf("a mark is left: %q", e.Fragment)
			}
		}
	})
}
