package logconfig

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A Redact that changes nothing leaves JSON what it was, one that hides everything leaves
// none of its texts; and blanks change nothing either.
func FuzzLeaves(f *testing.F) {
	for _, s := range []string{`{"a": [1, "b", null, {"c": {}}], "a": -1.5e3}`, `[]`, `"x\"y,:"`, `12`, `{"a\\":"\\"}`, `[[["deep"]]]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !json.Valid([]byte(raw)) || len(raw) > 1<<16 {
			return
		}
		same := redact(func(_, value string) string { return value })
		got, err := same.leaves("k", raw)
		if err != nil {
			t.Fatal(err)
		}
		want := parsed(t, raw)
		if diff := cmp.Diff(want, parsed(t, got)); diff != "" {
			t.Errorf("redacted: %s", diff)
		}
		if diff := cmp.Diff(want, parsed(t, spaced(got))); diff != "" {
			t.Errorf("spaced: %s", diff)
		}
		all, err := redact(func(string, string) string { return "0" }).leaves("k", raw)
		if err != nil || strings.Trim(blanked(parsed(t, all)), "0") != "" {
			t.Errorf("%v: %s", err, all)
		}
	})
}

func parsed(t *testing.T, raw string) (v any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return v
}

// blanked is the texts and numbers of a value, one after the other.
func blanked(v any) (s string) {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		for _, e := range v {
			s += blanked(e)
		}
	case map[string]any:
		for _, e := range v {
			s += blanked(e)
		}
	}
	return s
}
