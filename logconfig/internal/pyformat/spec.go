package pyformat

import (
	"slices"
	"unicode/utf8"
)

// maxWidth bounds width and precision, in characters. Python has no bound; what
// is beyond this one is a slip of the pen, which would fill the memory.
const maxWidth = 4096

// A spec says how one value is shown. Both printf's conversions and format
// specs are brought into this form.
type spec struct {
	convert byte // r or a: quote the text; s: treat the value as text
	verb    byte // d, x, f, … ; s for text; 0: as the value's kind suggests
	alt     bool // #
	sign    byte // + or a space: what stands before a positive number
	fill    rune // what pads
	align   byte // < > ^ or = (pad after the sign); 0: as the kind suggests
	width   int  // at least so many characters
	prec    int  // digits, or at most so many characters of text; -1 for none
	group   byte // , or _ between groups of digits
	percent bool // a printf conversion: precision is allowed for integers
}

// shows returns the kind that the spec is for; unknown is any kind.
func (s *spec) shows() kind {
	if s.convert != 0 {
		return text
	}
	switch s.verb {
	case 's':
		return text
	case 'b', 'c', 'd', 'o', 'x', 'X':
		return integer
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		return float
	}
	return unknown
}

// plain reports whether text comes out as it is.
func (s *spec) plain() bool {
	return (s.convert == 0 || s.convert == 's') && s.width == 0 && s.prec < 0
}

// text shapes what dst has from mark on: quotes, cuts and pads it.
func (s *spec) text(dst []byte, mark int, quotable bool) []byte {
	if quotable && (s.convert == 'r' || s.convert == 'a') {
		dst = appendQuoted(dst[:mark], string(dst[mark:]), s.convert == 'a')
	}
	if s.prec >= 0 {
		dst = dst[:mark+prefix(dst[mark:], s.prec)]
	}
	align, fill := s.align, s.fill
	if align == '=' && s.percent {
		align, fill = '>', ' '
	}
	if align == 0 || align == '=' {
		align = '<'
	}
	return pad(dst, mark, mark, s.width, align, fill)
}

// prefix returns the length in bytes of the first n characters.
func prefix(text []byte, n int) int {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRune(text[at:])
		at += size
	}
	return at
}

// pad brings what dst has from mark on to the width, in characters. With the
// alignment = the padding goes to inner, the place after the sign.
func pad(dst []byte, mark, inner, width int, align byte, fill rune) []byte {
	if len(dst)-mark >= width*utf8.UTFMax {
		return dst
	}
	n := width - utf8.RuneCount(dst[mark:])
	if n <= 0 {
		return dst
	}
	switch align {
	case '<':
		return insert(dst, len(dst), n, fill)
	case '^':
		dst = insert(dst, mark, n/2, fill)
		return insert(dst, len(dst), n-n/2, fill)
	case '=':
		return insert(dst, inner, n, fill)
	}
	return insert(dst, mark, n, fill)
}

// insert puts n times the fill in at a place of dst.
func insert(dst []byte, at, n int, fill rune) []byte {
	var one [utf8.UTFMax]byte
	size := utf8.EncodeRune(one[:], fill)
	end := len(dst)
	dst = slices.Grow(dst, n*size)[:end+n*size]
	copy(dst[at+n*size:], dst[at:end])
	for i := range n {
		copy(dst[at+i*size:], one[:size])
	}
	return dst
}

// grouped puts the separator between the digits of dst[from:to], which has
// groups of size digits, and zeros before them until it has min characters.
func grouped(dst []byte, from, to, size int, separator byte, minimum int) []byte {
	have := to - from
	digits := have
	for digits+(digits-1)/size < minimum {
		digits++
	}
	tail := len(dst)
	for i := range digits {
		if i > 0 && (digits-i)%size == 0 {
			dst = append(dst, separator)
		}
		if i < digits-have {
			dst = append(dst, '0')
		} else {
			dst = append(dst, dst[from+i-(digits-have)])
		}
	}
	// Behind them goes what stood behind the old ones; then all moves up.
	dst = append(dst, dst[to:tail]...)
	return append(dst[:from], dst[tail:]...)
}

// upper turns the ASCII letters of dst[from:] to capitals.
func upper(dst []byte, from int) {
	for i, c := range dst[from:] {
		if 'a' <= c && c <= 'z' {
			dst[from+i] = c - 'a' + 'A'
		}
	}
}
