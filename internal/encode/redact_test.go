package encode

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// Where Redact changes nothing, nothing changes; where it takes a text away, that
// is nowhere.
func FuzzRedact(f *testing.F) {
	f.Add("request", "key", "value", "group", uint8(0))
	f.Add("quote\" \\ \x00\xff", "a\"b", "\u2028é😀\b\f", "g", uint8(255))
	f.Fuzz(func(t *testing.T, msg, key, value, group string, shape uint8) {
		msg, value = msg+marker, value+marker
		r := slog.NewRecord(time.Unix(1763670000, 0).UTC(), slog.LevelInfo, msg, 0)
		attrs := []slog.Attr{
			slog.String(key, value), slog.Any(key, errorText(value)), slog.Any(key, map[string]any{"v": value}),
			slog.Any(key, struct{ V string }{value}), slog.Any(key, [1]string{value}), slog.Any(key, []byte(value)), slog.Any(key, nil),
			slog.Any(key, typed(value)), slog.Group(group, slog.String(key, value)), slog.Int(key, 5), slog.Any(key, slog.LevelWarn),
		}
		r.AddAttrs(attrs...)
		o := Options{Format: Format(shape & 1), Capture: []string{key}}
		encode := func(o Options) (string, string) {
			e := New(o)
			if shape&2 != 0 {
				e = e.WithAttrs(attrs)
			}
			if shape&4 != 0 {
				e = e.WithGroup(group)
			}
			return line(t, e, r), captured(e, r)
		}
		want, stream := encode(o)
		o.Redact = func(_, value string) string { return value }
		if got, name := encode(o); got != want || name != stream {
			t.Errorf("identity changes\n%q (%q)\nto\n%q (%q)", want, stream, got, name)
		}
		o.Redact = func(string, string) string { return "gone" }
		if got, name := encode(o); strings.Contains(got+name, marker) && !strings.Contains(key+group, marker) {
			t.Errorf("a text is left in %q (%q)", got, name)
		}
	})
}

// marker is in each text of FuzzRedact.
const marker = "s3cret"

type (
	errorText string
	typed     string
)

func (e errorText) Error() string { return string(e) }

// captured is the text for the log stream's name.
func captured(e *Encoder, r slog.Record) string {
	b := Get()
	defer b.Free()
	if err := e.Record(b, r); err != nil {
		return err.Error()
	}
	return string(b.Captured(0))
}
