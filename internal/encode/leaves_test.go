package encode

import (
	"encoding/json"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// redacted is what a record with one attribute becomes, from that on.
func redacted(t *testing.T, o Options, key string, v any) string {
	t.Helper()
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.Any(key, v))
	msg := line(t, New(o), r)
	return msg[strings.Index(msg, "msg")+len(map[Format]string{JSON: `msg":"m",`, Text: `msg=m `}[o.Format]):]
}

func TestRedactWithinJSONKeepsItJSON(t *testing.T) {
	type user struct {
		Name     string
		Password string
		PIN      []int `json:"pin"`
		Admin    bool
	}
	byKey := func(key, value string) string {
		if key == "Password" || key == "pin" {
			return "[redacted]"
		}
		return strings.ReplaceAll(value, "4111", "[card]")
	}
	for _, c := range []struct {
		v    any
		want string
	}{
		{user{"Ann", "x", []int{1, 2}, true}, `"v":{"Name":"Ann","Password":"[redacted]","pin":["[redacted]","[redacted]"],"Admin":true}}`},
		{&user{Name: "4111"}, `"v":{"Name":"[card]","Password":"[redacted]","pin":null,"Admin":false}}`},
		{[]int{1, 4111, -2}, `"v":[1,"[card]",-2]}`},
		{map[string]any{"a": []any{"4111", 4111, nil, 1.5e-7, map[string]string{"Password": "p\"q"}}}, `"v":{"a":["[card]","[card]",null,1.5e-7,{"Password":"[redacted]"}]}}`},
		{json.RawMessage(`{ "Password" : "a\u0041" , "b":[ 1 , 4111 ] }`), `"v":{"Password":"[redacted]","b":[1,"[card]"]}}`},
		{[]any{}, `"v":[]}`},
		{struct{}{}, `"v":{}}`},
	} {
		if got := redacted(t, Options{Redact: byKey}, "v", c.v); got != c.want {
			t.Errorf("%v: got  %s\nwant %s", c.v, got, c.want)
		}
	}
}

// A number by itself is asked as one within a value is.
func TestRedactSeesNumbers(t *testing.T) {
	byKey := func(key, value string) string {
		switch key {
		case "cvc":
			return "[redacted]"
		case "zero":
			return "0"
		case "octal":
			return "007"
		}
		return strings.ReplaceAll(value, "4111", "[card]")
	}
	for _, c := range []struct {
		key        string
		v          any
		json, text string
		name       string
	}{
		{"v", 4111, `"[card]"`, "[card]", "[card]"},
		{"v", uint64(14111), `"1[card]"`, "1[card]", "1[card]"},
		{"v", 4111.5, `"[card].5"`, "[card].5", "[card].5"},
		{"cvc", int8(-12), `"[redacted]"`, "[redacted]", "[redacted]"},
		{"zero", 123, "0", "0", "0"},
		{"octal", 123, `"007"`, "007", "007"},
		{"v", -5, "-5", "-5", "-5"},
		{"v", uint64(math.MaxUint64), "18446744073709551615", "18446744073709551615", "18446744073709551615"},
		{"v", 1e21, "1e+21", "1e+21", "1e+21"},
		{"v", true, "true", "true", "true"},
	} {
		for _, o := range []Options{{Redact: byKey}, {Redact: byKey, Capture: []string{"v", "cvc", "zero", "octal"}}} {
			if got, want := redacted(t, o, c.key, c.v), `"`+c.key+`":`+c.json+`}`; got != want {
				t.Errorf("%v: got  %s\nwant %s", c.v, got, want)
			}
			o.Format = Text
			if got, want := redacted(t, o, c.key, c.v), c.key+"="+c.text; got != want {
				t.Errorf("%v: got  %s\nwant %s", c.v, got, want)
			}
		}
		r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
		r.AddAttrs(slog.Any(c.key, c.v))
		if got := captured(New(Options{Redact: byKey, Capture: []string{c.key}}), r); got != c.name {
			t.Errorf("%v: the log stream's name has %q, want %q", c.v, got, c.name)
		}
		b := Get()
		e := New(Options{Redact: byKey, Capture: []string{c.key}})
		_ = e.LineString(b, time.Time{}, slog.LevelInfo, "a line")
		e.Capture(b, []slog.Attr{slog.Any(c.key, c.v)})
		if got := string(b.Captured(0)); got != c.name {
			t.Errorf("%v: the log stream's name of a line has %q, want %q", c.v, got, c.name)
		}
		b.Free()
	}
}

// What the parts do not show, the whole does: it is never skipped.
func TestRedactSeesTheWholeAfterItsParts(t *testing.T) {
	got := redacted(t, Options{Redact: func(_, v string) string { return strings.ReplaceAll(v, `"a":"b"`, "gone") }}, "v", map[string]string{"a": "b"})
	if got != `"v":"{gone}"}` {
		t.Error(got)
	}
}

func TestRedactSeesBytesAsTheyAre(t *testing.T) {
	type raw []byte
	type octet byte
	o := Options{Redact: func(_, v string) string { return strings.ReplaceAll(v, "secret", "gone") }}
	for _, v := range []any{[]byte("a secret"), raw("a secret"), []octet("a secret")} {
		if got := redacted(t, o, "v", v); got != `"v":"YSBnb25l"}` { // "a gone"
			t.Errorf("%T: %s", v, got)
		}
	}
	if got := redacted(t, o, "v", []byte("\xff\x00")); got != `"v":"/wA="}` {
		t.Error(got)
	}
	if got := redacted(t, o, "v", []byte(nil)); got != `"v":null}` {
		t.Error(got)
	}
	o.Format = Text
	if got := redacted(t, o, "v", []byte("a secret")); got != `v="a gone"` {
		t.Error(got)
	}
}

// The log stream's name must not show what the message hides.
func TestCapturedValuesAreRedactedByTheirKeys(t *testing.T) {
	e := New(Options{Capture: []string{"user"}, Redact: func(key, v string) string {
		if key == "password" {
			return "-"
		}
		return v
	}})
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.Any("user", map[string]string{"password": "hunter2"}))
	if got := captured(e, r); strings.Contains(got, "hunter2") || got == "" {
		t.Error(got)
	}
}

// Whatever JSON it is, identity changes nothing, and a text that goes leaves JSON.
func FuzzRedactWithin(f *testing.F) {
	f.Add(`{"a":[1,"x",{"b\u0041":-1.5e3}],"c":null,"d":true}`, "x")
	f.Add(` [ "\ud800" , 12 ] `, "1")
	f.Fuzz(func(t *testing.T, text, gone string) {
		var v any
		if json.Unmarshal([]byte(text), &v) != nil {
			return
		}
		text = strings.TrimSpace(text)
		e := New(Options{Redact: func(_, v string) string { return v }})
		if got := e.redactWithin("k", []byte(text)); string(got) != text {
			t.Errorf("%q became %q", text, got)
		}
		e = New(Options{Redact: func(_, v string) string { return strings.ReplaceAll(v, gone, "\"") }})
		var now any
		got := e.redactWithin("k", []byte(text))
		if err := json.Unmarshal(got, &now); err != nil {
			t.Errorf("%q became %q: %v", text, got, err)
		}
		if gone == "" && !reflect.DeepEqual(v, now) && len(got) < len(text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
