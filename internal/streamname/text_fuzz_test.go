package streamname

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a template is, its text is UTF-8 and bounded, and only facts are filled in.
func FuzzText(f *testing.F) {
	f.Add("{ecs.task_id}:{{{env:HOME:-x}}}", "5f\"\n")
	f.Add("\x01\x02\xff{", "")
	f.Fuzz(func(t *testing.T, template, fact string) {
		text, err := ParseText(template, func(string) (string, bool) { return fact, true }, func(string) string { return fact })
		if err != nil {
			return
		}
		got := text.Expand(func(string) string { return fact })
		if !utf8.ValidString(got) || len(got) > len(text.Longest()) || strings.ContainsAny(got, "\x01\x02\x03") {
			t.Errorf("%q with %q: %q", template, fact, got)
		}
	})
}
