package logconfig

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// What is made to cost much is refused, or read, in a moment.
func TestHostileDocumentsAreCheap(t *testing.T) {
	var nested strings.Builder
	for i := range 1400 {
		fmt.Fprintf(&nested, "%sa:\n", strings.Repeat(" ", i/2))
	}
	var keys strings.Builder
	for i := 0; keys.Len() < maxBytes-20; i++ {
		fmt.Fprintf(&keys, "k%d: v\n", i)
	}
	var flow, lines strings.Builder
	for i := range maxParts - 10 {
		fmt.Fprintf(&flow, "k%d: v,%s", i, strings.Repeat("\n", (i+1)%100/99))
		fmt.Fprintf(&lines, "k%d: v\n", i)
	}
	var names strings.Builder
	for i := 0; names.Len() < maxBytes-200; i++ {
		fmt.Fprintf(&names, `,"%s%d":0`, strings.Repeat("k", 85), i)
	}
	cases := map[string]string{
		"JSON in a line":  `{"version": 1` + strings.Repeat(`,"k":0`, maxBytes/6-10) + "}",
		"JSON with names": `{"version": 1, "handlers": {"c": {"class": "cloudwatch"` + names.String() + "}}}",
		"brackets":        strings.Repeat("[", maxBytes),
		"braces":          strings.Repeat("{a: ", maxBytes/4),
		"lines of them":   strings.Repeat("[\n", maxBytes/2),
		"dashes":          strings.Repeat("- ", maxLine/2-1),
		"questions":       strings.Repeat("? ", maxLine/2-1),
		"anchors":         strings.Repeat("&a ", maxLine/3-1),
		"tags":            strings.Repeat("!t ", maxLine/3-1),
		"quotes":          "a: '" + strings.Repeat("''", maxLine/2-8),
		"nested":          nested.String(),
		"flow":            "{" + flow.String() + "}",
		"lines":           lines.String(),
		"keys":            keys.String(),
		"JSON":            `{"a": ` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}",
		"long number":     "version: " + strings.Repeat("9", maxLine-20),
		"long name":       "version: 1\n" + strings.Repeat("n", maxLine-20) + ": 1\n",
		"too long":        strings.Repeat("#", maxBytes+1),
		"comments":        strings.Repeat("#\n", maxBytes/2),
		"colons":          strings.Repeat("a: ", maxLine/3-1),
	}
	for name, doc := range cases {
		began := time.Now()
		if err := Check(name, []byte(doc)); err == nil {
			t.Errorf("%s: it was taken", name)
		} else if len(err.Error()) > 64<<10 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
		if took := time.Since(began); took > 10*time.Second { // twenty times what it takes
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func TestThousandsOfProblemsAreCutShort(t *testing.T) {
	err := Check("doc", []byte("version: 1\n"+strings.Repeat("root: 1\n", 1000)))
	wrong, ok := errors.AsType[*Error](err)
	if !ok || len(wrong.Problems) != maxProblems+1 || !strings.Contains(wrong.Problems[maxProblems].Message, "more than these 100") {
		t.Errorf("%v", err)
	}
}
