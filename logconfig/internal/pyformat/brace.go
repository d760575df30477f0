package pyformat

import (
	"strings"
	"unicode/utf8"
)

// parseBrace reads a format in the style of str.format.
func parseBrace(whole string) ([]part, error) {
	var parts []part
	fields := 0
	for at := 0; at < len(whole); {
		n := strings.IndexAny(whole[at:], "{}")
		if n < 0 {
			parts = literal(parts, whole[at:])
			break
		}
		parts = literal(parts, whole[at:at+n])
		at += n
		if at+1 < len(whole) && whole[at+1] == whole[at] {
			parts = literal(parts, whole[at:at+1])
			at += 2
			continue
		}
		if whole[at] == '}' {
			return nil, wrong(whole, at, at+1, "this brace closes nothing: write }} for a brace")
		}
		p, end, err := parseReplacement(whole, at)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
		fields++
		at = end
	}
	if fields == 0 {
		return nil, wrong(whole, 0, len(whole), "it names no field: write one in the way of {message}, or set the style to %% or $")
	}
	return parts, nil
}

// parseReplacement reads {name!r:spec}, which begins at byte at.
func parseReplacement(whole string, at int) (p part, end int, err error) {
	size := strings.IndexByte(whole[at:], '}')
	if size < 0 {
		return p, 0, wrong(whole, at, len(whole), "the brace is not closed: write {name}, or {{ for a brace")
	}
	end = at + size + 1
	inside := whole[at+1 : end-1]
	if n := strings.IndexByte(inside, '{'); n >= 0 {
		return p, 0, wrong(whole, at, end, "a brace in braces: close the first one, and write widths as numbers")
	}
	name, format, _ := strings.Cut(inside, ":")
	name, convert, converts := strings.Cut(name, "!")
	problem := ""
	p.field, problem = named(name, "{%s}")
	switch {
	case problem != "":
	case converts && (len(convert) != 1 || !strings.Contains("rsa", convert)):
		problem = "unknown conversion after the exclamation mark: those known are !r, !s and !a"
	default:
		if converts {
			p.spec.convert = convert[0]
		}
		problem = p.spec.parse(p.field, format)
	}
	if problem != "" {
		return p, 0, wrong(whole, at, end, "%s", problem)
	}
	return p, end, nil
}

// parse reads a format spec: [[fill]align][sign][#][0][width][group][.precision][type].
func (s *spec) parse(f field, format string) (problem string) {
	s.fill, s.prec = ' ', -1
	c := scanner{rest: format}
	filled := c.alignment(s)
	if c.rest != "" && strings.IndexByte("+- ", c.rest[0]) >= 0 {
		s.sign = c.rest[0]
		c.rest = c.rest[1:]
	}
	s.alt = c.take("#")
	zero := c.take("0")
	s.width = c.number()
	if c.rest != "" && (c.rest[0] == ',' || c.rest[0] == '_') {
		s.group = c.rest[0]
		c.rest = c.rest[1:]
	}
	if point := c.rest; c.take(".") {
		if s.prec = c.number(); len(point)-len(c.rest) == 1 {
			return "the precision has no digits: write .3"
		}
	}
	if len(c.rest) == 1 && strings.Contains("bcdeEfFgGnosxX%", c.rest) {
		s.verb, c.rest = c.rest[0], ""
	}
	switch {
	case c.rest != "":
		return "bad format spec: the order is fill and one of < > = ^, sign, #, 0, width, comma, .precision, letter; the letters known are b c d e E f F g G n o s x X %"
	case s.width > maxWidth || s.prec > maxWidth:
		return "width and precision end at 4096"
	}
	if zero {
		s.zero(f, filled)
	}
	return s.check(f)
}

// alignment takes [fill]align, and reports whether it has a fill.
func (c *scanner) alignment(s *spec) (filled bool) {
	fill, n := utf8.DecodeRuneInString(c.rest)
	switch {
	case n > 0 && n < len(c.rest) && isAlign(c.rest[n]):
		s.fill, s.align = fill, c.rest[n]
		c.rest = c.rest[n+1:]
		return true
	case n > 0 && isAlign(c.rest[0]):
		s.align = c.rest[0]
		c.rest = c.rest[1:]
	}
	return false
}

// zero is the 0 before the width: numbers are filled after their sign, text at its
// end.
func (s *spec) zero(f field, filled bool) {
	if !filled {
		s.fill = '0'
	}
	numeric := s.convert == 0 && s.verb != 's' && f.kind != text && f.kind != none
	if s.align == 0 && numeric {
		s.align = '='
	}
}

func isAlign(c byte) bool { return c == '<' || c == '>' || c == '^' || c == '=' }

// check tells what Python would refuse at each record.
func (s *spec) check(f field) (problem string) {
	textual := s.convert != 0 || f.kind == text || f.kind == none || s.verb == 's'
	switch {
	case s.verb == 's' && s.convert == 0 && (f.kind == integer || f.kind == float):
		return f.name + " is " + f.kind.String() + ", which the letter s is not for: leave it out, or write !s"
	case textual && s.verb != 0 && s.verb != 's':
		return f.name + " is text here, which the letter " + string(rune(s.verb)) + " is not for: leave it out"
	case textual && (s.sign != 0 || s.alt || s.group != 0 || s.align == '='):
		return f.name + " is text here: leave out what is for numbers, which are the signs + - # = , _ and the space"
	case textual:
		return ""
	case f.kind == float && s.shows() == integer:
		return f.name + " is " + f.kind.String() + ", which the letter " + string(rune(s.verb)) + " is not for: write .0f, or f"
	}
	return s.checkNumber(f)
}

func (s *spec) checkNumber(f field) (problem string) {
	whole := s.shows() == integer || f.kind == integer && s.shows() == unknown
	switch {
	case whole && s.prec >= 0:
		return "a whole number has no precision: leave it out, or write the letter f"
	case s.verb == 'c' && (s.sign != 0 || s.alt):
		return "the letter c takes neither a sign nor #: leave them out"
	case s.group == ',' && strings.IndexByte("bcoxXn", s.verb) >= 0,
		s.group == '_' && (s.verb == 'c' || s.verb == 'n'):
		return "digits are not grouped with the letter " + string(rune(s.verb)) + ": leave the " + string(rune(s.group)) + " out"
	}
	return ""
}
