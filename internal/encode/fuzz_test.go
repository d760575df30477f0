package encode

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func FuzzRecord(f *testing.F) {
	f.Add("request handled", "key", "value", "group", int64(1763670000_000000001), int64(42), 0.5, 4, uint8(0))
	f.Add("quote\" \\ \x00\xff", "a\"b", "\u2028é😀", "", int64(-1), int64(-1), -1e-9, 9, uint8(255))
	f.Add("", "", "", "g h", int64(0), int64(0), 1e21, -8, uint8(85))
	f.Fuzz(func(t *testing.T, msg, key, value, group string, nanos, n int64, x float64, level int, shape uint8) {
		r := slog.NewRecord(time.Unix(0, nanos), slog.Level(level), msg, 0)
		if shape&1 != 0 {
			r.Time = r.Time.UTC()
		}
		list := []slog.Attr{slog.String(key, value), slog.Int64("n", n), slog.Float64(value, x), slog.Duration("d", time.Duration(n))}
		r.AddAttrs(list...)
		if shape&2 != 0 {
			r.AddAttrs(slog.Attr{Key: group, Value: slog.GroupValue(list...)}, slog.Any(value, map[string]string{key: value}))
		}
		with := func(h slog.Handler) slog.Handler {
			if shape&4 != 0 {
				h = h.WithAttrs(list)
			}
			if shape&8 != 0 && group != "" {
				h = h.WithGroup(group)
			}
			if shape&16 != 0 {
				h = h.WithAttrs(list[:2])
			}
			return h
		}
		o := Options{}
		if shape&32 != 0 {
			o.ReplaceAttr = func(_ []string, a slog.Attr) slog.Attr { a.Key += key; return a }
		}
		checkJSON(t, o, with, r)
		o.Format = Text
		compare(t, o, with, r)
	})
}

// checkJSON fails if r decodes to something else than what slog's handler
// writes. Duplicate keys and their order count.
func checkJSON(t *testing.T, o Options, with func(slog.Handler) slog.Handler, r slog.Record) {
	t.Helper()
	var want bytes.Buffer
	h := with(slog.NewJSONHandler(&want, &slog.HandlerOptions{ReplaceAttr: o.ReplaceAttr}))
	if err := h.Handle(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	got := line(t, with(testHandler{e: New(o)}).(testHandler).e, r)
	if diff := cmp.Diff(tokens(t, want.String()), tokens(t, got)); diff != "" {
		t.Errorf("-slog +ours\n%s", diff)
	}
}

// tokens is what encoding/json reads in s.
func tokens(t *testing.T, s string) (all []json.Token) {
	t.Helper()
	if !json.Valid([]byte(s)) {
		t.Fatalf("not valid: %s", s)
	}
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err != nil {
			return all
		}
		all = append(all, tok)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("plain")
	f.Add("a\"b\\c\x00\x1f\n\xff\xc3(é😀\u2028 and more after it")
	f.Add("\x80 and seven more\x9f\xa0\xfe")
	f.Fuzz(func(t *testing.T, msg string) {
		b := Get()
		defer b.Free()
		if err := New(Options{}).LineString(b, time.Now(), 0, msg); err != nil {
			t.Fatal(err)
		}
		if got, want := decode(t, &b.Events()[0]), validUTF8(msg); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

// validUTF8 has U+FFFD for each invalid byte (strings.ToValidUTF8 has one for
// several in a row).
func validUTF8(s string) string { return string([]rune(s)) }

func FuzzShrink(f *testing.F) {
	f.Add(`{"a":"`+strings.Repeat(`x\n\u00e9é`, 100)+`","b":[1,"2",{"c":null}]}`, uint16(0))
	f.Add(`{"a":{"b":"`+strings.Repeat(`\ud83d\ude00\ud83d`, 50)+`"},"`+strings.Repeat("k", 300)+`":{}}`, uint16(40))
	f.Add("text "+strings.Repeat("é\xff", 200), uint16(1))
	f.Fuzz(func(t *testing.T, msg string, more uint16) {
		limit := MinMaxSize + int(more)%2000
		b := Get()
		defer b.Free()
		if err := New(Options{MaxSize: limit}).LineString(b, time.Now(), 0, msg); err != nil {
			t.Fatal(err)
		}
		got := messages(t, b, limit)
		whole := validUTF8(msg)
		switch {
		case len(got) != 1:
			t.Errorf("%d events", len(got))
		case len(whole) <= limit:
			if got[0] != whole {
				t.Error("a message that fits was changed")
			}
		case whole[0] == '{' && json.Valid([]byte(whole)):
			if !json.Valid([]byte(got[0])) {
				t.Errorf("not valid: %s", got[0])
			}
		case !strings.HasSuffix(got[0], " bytes]"):
			t.Errorf("no note in %s", got[0])
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add(`{"a":"`+strings.Repeat(`x\n\u00e9é`, 300)+`"}`, uint16(0))
	f.Add("text "+strings.Repeat("é\xff\x00\"😀", 300), uint16(1))
	f.Fuzz(func(t *testing.T, msg string, more uint16) {
		limit := MinMaxSize + int(more)%2000
		b := Get()
		defer b.Free()
		if err := New(Options{MaxSize: limit, Oversize: Split}).LineString(b, time.Now(), 0, msg); err != nil {
			t.Fatal(err)
		}
		got := messages(t, b, limit)
		if len(got) == 1 {
			if got[0] != validUTF8(msg) {
				t.Error("a message that fits was changed")
			}
		} else if join(t, got) != validUTF8(msg) {
			t.Error("the parts make another message")
		}
	})
}
