package term

import (
	"strings"
	"testing"
)

func TestVisibleDisarmsEscapeSequences(t *testing.T) {
	for text, want := range map[string]string{
		"plain\ttext\n":          "plain\ttext\n",
		"\x1b]0;title\x07":       `\x1b]0;title\x07`,
		"over\rwritten":          `over\x0dwritten`,
		"\u009b31m":              `\x9b31m`,
		"日本語 – naïve":            "日本語 – naïve",
		"back\b\x7f":             `back\x08\x7f`,
		"invalid \xff\x1b bytes": "invalid \uFFFD\\x1b bytes",
	} {
		if got := Visible(text); got != want {
			t.Errorf("Visible(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("a\x1b[2Jb")
	f.Fuzz(func(t *testing.T, text string) {
		if got := Visible(text); strings.IndexFunc(got, control) >= 0 {
			t.Errorf("Visible(%q) = %q has control characters", text, got)
		}
	})
}
