package pyformat

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// percentField is what Python's logging looks for in a format of this style, once
// at least.
var percentField = regexp.MustCompile(`(?i)%\([\p{L}\p{N}_]+\)[#0+ -]*(\*|\d+)?(\.(\*|\d+))?[diouxefgcrsa%]`)

// parsePercent reads a format in the style of printf.
func parsePercent(whole string) ([]part, error) {
	if !percentField.MatchString(whole) {
		return nil, wrong(whole, 0, len(whole), "it names no field: write one in the way of %%(message)s, or set the style to { or $")
	}
	var parts []part
	for at := 0; at < len(whole); {
		n := strings.IndexByte(whole[at:], '%')
		if n < 0 {
			return literal(parts, whole[at:]), nil
		}
		parts = literal(parts, whole[at:at+n])
		at += n
		if strings.HasPrefix(whole[at:], "%%") {
			parts = literal(parts, "%")
			at += 2
			continue
		}
		p, end, err := parseConversion(whole, at)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
		at = end
	}
	return parts, nil
}

// literal adds a text to the parts.
func literal(parts []part, text string) []part {
	if text == "" {
		return parts
	}
	if n := len(parts); n > 0 && parts[n-1].field.name == "" {
		parts[n-1].literal += text
		return parts
	}
	return append(parts, part{literal: text})
}

// parseConversion reads %(name)-8.3s, which begins at byte at.
func parseConversion(whole string, at int) (p part, end int, err error) {
	if !strings.HasPrefix(whole[at:], "%(") {
		_, size := utf8.DecodeRuneInString(whole[at+1:])
		return p, 0, wrong(whole, at, at+1+size, "a conversion needs a name, %%(message)s, and a percent sign is written %%%%")
	}
	size := closing(whole[at+1:])
	if size < 0 {
		return p, 0, wrong(whole, at, len(whole), "the name has no end: write %%(name)s")
	}
	name := whole[at+2 : at+size]
	rest := whole[at+1+size:]
	c := scanner{rest: rest}
	s := spec{percent: true, fill: ' ', align: '>', prec: -1}
	c.flags(&s)
	s.width = c.number()
	if c.take(".") {
		s.prec = c.number()
	}
	star := strings.HasPrefix(c.rest, "*")
	if !star {
		_ = c.take("h") || c.take("l") || c.take("L")
	}
	verb, n := utf8.DecodeRuneInString(c.rest)
	end = len(whole) - len(c.rest) + n
	problem := ""
	p.field, problem = named(name, "%%(%s)s")
	switch {
	case star:
		problem = "write the width as a number, not as *"
	case n == 0:
		problem = "the conversion has no letter: write %(" + name + ")s"
	case problem == "":
		problem = s.conversion(p.field, verb)
	}
	if problem != "" {
		return p, 0, wrong(whole, at, end, "%s", problem)
	}
	p.spec = s
	return p, end, nil
}

// closing returns the length of the text in parentheses with which s begins;
// parentheses within count. It is -1 when it has no end.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// A scanner takes a conversion apart.
type scanner struct{ rest string }

// flags takes printf's flags. A minus sign is stronger than a zero, a plus sign
// stronger than a space.
func (c *scanner) flags(s *spec) {
	zero, left := false, false
	for ; c.rest != "" && strings.IndexByte("-+ #0", c.rest[0]) >= 0; c.rest = c.rest[1:] {
		switch c.rest[0] {
		case '-':
			left = true
		case '0':
			zero = true
		case '#':
			s.alt = true
		case '+':
			s.sign = '+'
		case ' ':
			if s.sign == 0 {
				s.sign = ' '
			}
		}
	}
	switch {
	case left:
		s.align = '<'
	case zero:
		s.align, s.fill = '=', '0'
	}
}

// take takes a word if it is the next.
func (c *scanner) take(word string) bool {
	var ok bool
	c.rest, ok = strings.CutPrefix(c.rest, word)
	return ok
}

// number takes digits. What is too large stays just so.
func (c *scanner) number() (n int) {
	for ; c.rest != "" && '0' <= c.rest[0] && c.rest[0] <= '9'; c.rest = c.rest[1:] {
		n = min(n*10+int(c.rest[0]-'0'), maxWidth+1)
	}
	return n
}

// conversion sets printf's letter, and says what is wrong with it.
func (s *spec) conversion(f field, verb rune) (problem string) {
	switch {
	case verb == utf8.RuneError || verb >= utf8.RuneSelf || !strings.ContainsRune("srdiufFeEgGxXoca", verb):
		return "unknown conversion: those known are s r a d i u f F e E g G x X o c"
	case s.width > maxWidth || s.prec > maxWidth:
		return "width and precision end at 4096"
	}
	s.verb = byte(verb)
	switch verb {
	case 's', 'r', 'a':
		s.convert = byte(verb)
	case 'i', 'u':
		s.verb = 'd'
	case 'c':
		// printf pads it like text and cuts nothing.
		s.sign, s.prec = 0, -1
		if s.align == '=' {
			s.align, s.fill = '>', ' '
		}
	}
	shows := s.shows()
	textual := f.kind == text || f.kind == none
	switch {
	case textual && shows != text:
		return f.name + " is " + f.kind.String() + ": write %(" + f.name + ")s"
	case f.kind == float && shows == integer && s.verb != 'd':
		return f.name + " is " + f.kind.String() + ": write %(" + f.name + ")d"
	}
	return ""
}
