package term

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestColumnsCountsWhatATerminalShows(t *testing.T) {
	for text, want := range map[string]int{
		"":                   0,
		"plain":              5,
		"naïve":              5,
		"e\u0301":            1, // e and a combining accent
		"日本語":                6,
		"😀":                  2,
		"\x1b[31mred\x1b[0m": 3,
		"zero\u200bwidth":    9,
		"a\x1b[1mb\x1b[0mc日": 5,
	} {
		if got := Columns(text); got != want {
			t.Errorf("Columns(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestCutKeepsToTheWidth(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"日本語", 6, "日本語"},
		{"日本語", 5, "日本…"},
		{"日本語", 4, "日…"}, // half a letter does not fit
		{"any", 1, "…"},
		{"any", 0, ""},
		{"any", -3, ""},
	} {
		if got := Cut(c.text, c.width); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("a longer text", 7)
	f.Add("日本語 😀 e\u0301\u0301\u0301", 3)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if strings.ContainsRune(text, '\x1b') || !utf8.ValidString(text) {
			return // Cut is for valid text without escape sequences
		}
		got := Cut(text, width)
		if n := Columns(got); n > max(0, width) {
			t.Errorf("Cut(%q, %d) = %q takes %d columns", text, width, got, n)
		}
		if !strings.HasPrefix(text, strings.TrimSuffix(got, "…")) {
			t.Errorf("Cut(%q, %d) = %q is not its beginning", text, width, got)
		}
	})
}
