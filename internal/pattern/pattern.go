// Package pattern parses the filter patterns of CloudWatch Logs and matches
// events against them (CloudWatch Logs User Guide, "Filter pattern syntax").
//
// Term patterns are served: words and quoted phrases that the text must have,
// must not have (-) or must have one of (?). The other kinds (JSON,
// space-delimited, regular expressions) are recognised and refused with a
// [*KindError].
package pattern

import (
	"bytes"
	"slices"
	"strings"
)

// A Pattern is a parsed filter pattern. It is safe for concurrent use.
type Pattern struct {
	all  [][]byte // each must occur
	none [][]byte // none may occur
	any  [][]byte // one must occur, unless there are none
}

// A KindError is the error of Parse for a kind of pattern that is not served.
type KindError struct {
	// Kind is "JSON", "space-delimited" or "regular expression".
	Kind string
}

func (e *KindError) Error() string {
	return e.Kind + " filter patterns are not supported here; use terms, such as ERROR -\"timed out\""
}

// A SyntaxError is the error of Parse for a pattern that is none.
type SyntaxError struct {
	// Text is what is wrong, as the service says it.
	Text string
}

func (e *SyntaxError) Error() string { return e.Text }

// Parse reads a filter pattern. A blank one matches everything.
func Parse(s string) (*Pattern, error) {
	s = strings.TrimSpace(s)
	if err := termsOnly(s); err != nil {
		return nil, err
	}
	p := &Pattern{}
	for s != "" {
		t, rest, err := next(s)
		if err != nil {
			return nil, err
		}
		p.add(t)
		s = strings.TrimLeft(rest, blanks)
	}
	if len(p.all) > 0 || len(p.none) > 0 {
		p.any = nil // the service ignores ?terms beside any other
	}
	return p, nil
}

// Match reports whether a message matches. Case counts, and a term may be part
// of a word.
func (p *Pattern) Match(message []byte) bool {
	has := func(term []byte) bool { return bytes.Contains(message, term) }
	for _, term := range p.all {
		if !has(term) {
			return false
		}
	}
	return !slices.ContainsFunc(p.none, has) && (len(p.any) == 0 || slices.ContainsFunc(p.any, has))
}

// termsOnly refuses the other kinds, told by their first character.
func termsOnly(s string) error {
	switch {
	case strings.HasPrefix(s, "{"):
		return &KindError{"JSON"}
	case strings.HasPrefix(s, "["):
		return &KindError{"space-delimited"}
	case strings.HasPrefix(s, "%"):
		return &KindError{"regular expression"}
	}
	return nil
}

// add files a term under its sign.
func (p *Pattern) add(t term) {
	if strings.TrimSpace(t.text) == "" {
		return // a blank phrase stands for everything: it excludes nothing and demands nothing
	}
	switch text := []byte(t.text); t.sign {
	case '-':
		p.none = append(p.none, text)
	case '?':
		p.any = append(p.any, text)
	default:
		p.all = append(p.all, text)
	}
}
