package streamname

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/internal/strftime"
)

// A parser walks a template once, from left to right.
type parser struct {
	text    string
	env     func(string) (string, bool)
	process process
	free    bool // it is no name: any character will do, and records have no part in it

	parts []part
	attrs []string
	late  []string
}

// run fills parts and attrs.
func (p *parser) run() error {
	for i := 0; i < len(p.text); {
		n := strings.IndexAny(p.text[i:], "{}")
		var err error
		switch n {
		case 0:
			n, err = p.brace(i)
		case -1:
			n = len(p.text) - i
			err = p.literal(i, p.text[i:])
		default:
			err = p.literal(i, p.text[i:i+n])
		}
		if err != nil {
			return err
		}
		i += n
	}
	return nil
}

// literal takes text that stands for itself. It starts at byte at.
func (p *parser) literal(at int, text string) error {
	if p.free {
		p.parts = add(p.parts, part{kind: literal, text: unmarked(text)})
		return nil
	}
	if i, what := forbidden(text); i >= 0 {
		return fmt.Errorf("%s at character %d: a log stream name cannot have it: use '-' or '/'", what, p.column(at+i))
	}
	p.parts = add(p.parts, part{kind: literal, text: text})
	return nil
}

// brace takes what begins with the brace at byte at, {{ or }} or a
// placeholder, and returns its length.
func (p *parser) brace(at int) (int, error) {
	rest := p.text[at:]
	if strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}") {
		return 2, p.literal(at, rest[:1])
	}
	if rest[0] == '}' {
		return 0, fmt.Errorf("'}' at character %d opens nothing: write }} for a brace", p.column(at))
	}
	n := strings.IndexAny(rest[1:], "{}") + 1
	if n == 0 || rest[n] == '{' {
		return 0, fmt.Errorf("'{' at character %d is not closed: write {{ for a brace", p.column(at))
	}
	if err := p.placeholder(rest[1:n]); err != nil {
		return 0, p.placed(at, rest[1:n], err)
	}
	return n + 1, nil
}

// placed says once where in the template something is wrong: at the conversion,
// if it is one of a layout, else at the brace.
func (p *parser) placed(at int, inside string, err error) error {
	c, ok := errors.AsType[*strftime.ConversionError](err)
	if !ok {
		return fmt.Errorf("{%.80s} at character %d: %w", inside, p.column(at), err)
	}
	at += len("{strftime:") + len(c.Before)
	return fmt.Errorf("{%.80s}: %.80q at character %d: %w", inside, c.Text, p.column(at), c.Err)
}

// placeholder takes what stands between two braces.
func (p *parser) placeholder(inside string) error {
	name, arg, _ := strings.Cut(inside, ":")
	for _, known := range placeholders {
		if known.name != name {
			continue
		}
		switch {
		case known.arg == "" && name != inside:
			return fmt.Errorf("it takes no argument: write %s", known)
		case known.arg != "" && arg == "":
			return fmt.Errorf("it needs an argument: write %s", known)
		}
		if p.free && slices.Contains(perRecord, name) {
			return errPerRecord
		}
		part, err := known.part(p, arg)
		if err != nil {
			return err
		}
		p.parts = add(p.parts, part)
		return nil
	}
	return p.unknown(name)
}

// column counts the characters up to byte at, from 1.
func (p *parser) column(at int) int { return utf8.RuneCountInString(p.text[:at]) + 1 }

// constant returns a literal, unless its text breaks the rule for names. from
// says where the text is from.
func (p *parser) constant(from, text string) (part, error) {
	if p.free {
		return part{kind: literal, text: unmarked(text)}, nil
	}
	if i, what := forbidden(text); i >= 0 {
		return part{}, fmt.Errorf("%s has %s, which a log stream name cannot have", from, what)
	}
	return part{kind: literal, text: text}, nil
}

// errThread answers who comes from Python.
var errThread = errors.New("a Go program has no threads to name: use {logger_name}, or {attr:KEY} with an attribute that tells workers apart")
