package streamname

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// A Text is a template for a text that is the same in all records, and no name of
// a log stream: it may have any character and any length.
type Text struct {
	text string // with marks, as names have them
	late []string
}

// perRecord are the placeholders that a Text cannot have.
var perRecord = []string{"logger_name", "strftime", "attr"}

var errPerRecord = errors.New("it is different in each record, which has it in a field of its own: leave it out")

// ParseText parses a template, as Parse does; an empty one is an empty text.
func ParseText(template string, env func(string) (string, bool), fact func(name string) string) (*Text, error) {
	if env == nil {
		env = os.LookupEnv
	}
	p := parser{text: template, env: env, process: thisProcess(), free: true}
	p.process.fact = fact
	if err := p.run(); err != nil {
		return nil, fmt.Errorf("%.80q: %w", template, err)
	}
	t := &Text{late: p.late}
	for _, part := range p.parts {
		t.text += part.text
	}
	return t, nil
}

// Late returns the facts that the text lacks until they are found out, each once.
func (t *Text) Late() []string { return t.late }

// maxFact bounds a late fact in a Text, in bytes.
const maxFact = 256

// Longest returns the text with the longest facts that there may be.
func (t *Text) Longest() string {
	return t.Expand(func(string) string { return strings.Repeat("x", maxFact) })
}

// Expand returns the text. fact returns a late fact by its name, "" for unknown. It
// is made plain: what is not printable ASCII, quotation marks and backslashes become
// hyphens.
func (t *Text) Expand(fact func(string) string) string {
	var b strings.Builder
	for _, r := range t.text {
		if marked(r) {
			b.WriteString(plain(fact(late[r-1])))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain is a fact as it stands in a Text.
func plain(fact string) string {
	if fact == "" {
		return "unknown"
	}
	fact = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || r == '"' || r == '\\' {
			return replacement
		}
		return r
	}, fact)
	return fact[:min(len(fact), maxFact)]
}

// unmarked is a text from outside, in which nothing is taken for a mark.
func unmarked(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		if marked(r) {
			return replacement
		}
		return r
	}, s)
}
