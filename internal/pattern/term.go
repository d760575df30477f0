package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// blanks separate terms.
const blanks = " \t\r\n"

// A term is a word or a phrase with its sign: '-', '?' or none (0).
type term struct {
	sign byte
	text string
}

// next reads the term at the start of s.
func next(s string) (t term, rest string, err error) {
	start := s
	if s[0] == '-' || s[0] == '?' {
		t.sign = s[0]
		s = s[1:]
	}
	if strings.HasPrefix(s, `"`) {
		t.text, rest, err = phrase(s[1:])
		return t, rest, err
	}
	end := strings.IndexAny(s, blanks+`"`)
	if end < 0 {
		end = len(s)
	}
	t.text, rest = s[:end], s[end:]
	if t.text == "" || strings.ContainsFunc(t.text, special) {
		return t, "", &SyntaxError{"Invalid character(s) in term '" + start[:len(start)-len(rest)] + "'"}
	}
	return t, rest, nil
}

// special reports whether a character must stand in quotation marks.
func special(r rune) bool {
	return r == utf8.RuneError || r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// phrase reads up to the closing quotation mark. A backslash takes the next
// quotation mark or backslash literally.
func phrase(s string) (text, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:], nil
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", &SyntaxError{"Invalid filter pattern: a quotation mark is not closed"}
}
