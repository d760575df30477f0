package encode

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// keepString is the longest string, in bytes of JSON, that is never shortened:
// times, levels, names and ids are worth more than the room they take.
const keepString = 64

// A member is one field of the top-level object.
type member struct {
	from, value, to int // its key with quotation marks, its value, its end
	longs           int // index of its first long string
	most, least     int // its length as it is, and with its long strings cut to keepString
	dropped         bool
	whole           bool // neither dropped nor shortened
}

// A long is a string of more than keepString bytes.
type long struct {
	from, to int    // what is between the quotation marks
	path     string // its keys, escaped as they are, joined by dots
}

// A scanner finds out what a JSON object is made of. The object is known to be
// valid.
type scanner struct {
	msg     []byte
	path    []byte
	members []member
	longs   []long
	saved   int // what cutting all long strings so far would save
}

// object scans the object that begins at i and returns its end.
func (s *scanner) object(i int, top bool) int {
	depth := len(s.path)
	for i = s.space(i + 1); s.msg[i] != '}'; {
		key := i
		i = s.text(i)
		s.push(string(s.msg[key+1 : i-1]))
		value := s.space(s.space(i) + 1)
		longs, saved := len(s.longs), s.saved
		i = s.value(value)
		if top {
			s.members = append(s.members, member{
				from: key, value: value, to: i, longs: longs, most: i - key, least: i - key - (s.saved - saved),
			})
		}
		s.path = s.path[:depth]
		if i = s.space(i); s.msg[i] == ',' {
			i = s.space(i + 1)
		}
	}
	return i + 1
}

// value scans the value that begins at i and returns its end.
func (s *scanner) value(i int) int {
	switch s.msg[i] {
	case '{':
		return s.object(i, false)
	case '[':
		return s.array(i)
	case '"':
		end := s.text(i)
		if n := end - i - 2; n > keepString {
			path := s.path[:cutJSON(s.path, maxPath)]
			s.longs = append(s.longs, long{i + 1, end - 1, string(path)})
			s.saved += n - keepString
		}
		return end
	}
	for ; i < len(s.msg); i++ {
		switch s.msg[i] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
			return i
		}
	}
	return i
}

// array scans the array that begins at i and returns its end.
func (s *scanner) array(i int) int {
	depth := len(s.path)
	i = s.space(i + 1)
	for n := 0; s.msg[i] != ']'; n++ {
		s.push(strconv.Itoa(n))
		i = s.space(s.value(i))
		s.path = s.path[:depth]
		if s.msg[i] == ',' {
			i = s.space(i + 1)
		}
	}
	return i + 1
}

// text returns the end of the string that begins at i.
func (s *scanner) text(i int) int {
	for i++; s.msg[i] != '"'; i++ {
		if s.msg[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// space returns the first index from i on that is not white space.
func (s *scanner) space(i int) int {
	for s.msg[i] == ' ' || s.msg[i] == '\t' || s.msg[i] == '\n' || s.msg[i] == '\r' {
		i++
	}
	return i
}

// push adds a key to the path.
func (s *scanner) push(key string) {
	if len(s.path) > 0 {
		s.path = append(s.path, '.')
	}
	s.path = append(s.path, key...)
}

// cutJSON returns the largest length of at most limit bytes at which the
// content of a JSON string can be cut: not inside a rune nor an escape sequence.
func cutJSON(p []byte, limit int) int {
	if len(p) <= limit {
		return len(p)
	}
	for i := 0; ; {
		n, _ := jsonRune(p[i:])
		if i+n > limit {
			return i
		}
		i += n
	}
}

// decodedLen is the length in UTF-8 bytes of what a JSON string with the
// content p stands for.
func decodedLen(p []byte) int {
	total := 0
	for i := 0; i < len(p); {
		n, decoded := jsonRune(p[i:])
		i += n
		total += decoded
	}
	return total
}

// jsonRune returns how many bytes the first rune of p takes, and how many the
// rune that it stands for.
func jsonRune(p []byte) (n, decoded int) {
	if p[0] != '\\' {
		_, n = utf8.DecodeRune(p)
		return n, n
	}
	if p[1] != 'u' {
		return 2, 1
	}
	r := hexRune(p)
	if utf16.IsSurrogate(r) && len(p) >= 12 && p[6] == '\\' && p[7] == 'u' {
		if r = utf16.DecodeRune(r, hexRune(p[6:])); r != utf8.RuneError {
			return 12, utf8.RuneLen(r)
		}
	}
	if utf16.IsSurrogate(r) {
		r = utf8.RuneError // one half alone
	}
	return 6, utf8.RuneLen(r)
}

// hexRune returns the number in \u1234.
func hexRune(p []byte) rune {
	n, _ := strconv.ParseUint(string(p[2:6]), 16, 16)
	return rune(n)
}
