package pyformat

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// signed appends a whole number, as the spec wants it.
func (s *spec) signed(dst []byte, n int64) []byte {
	if s.shows() == text {
		mark := len(dst)
		return s.text(strconv.AppendInt(dst, n, 10), mark, false)
	}
	if n < 0 {
		return s.whole(dst, true, -uint64(n))
	}
	return s.whole(dst, false, uint64(n))
}

// fraction appends a number with a fraction, as the spec wants it.
func (s *spec) fraction(dst []byte, f float64) []byte {
	switch k := s.shows(); {
	case k == float || k == unknown:
		return s.float(dst, f)
	case s.percent && s.verb == 'd' && math.Abs(f) < 1<<63:
		return s.signed(dst, int64(f))
	case s.percent && s.verb == 'd' && !math.IsInf(f, 0) && !math.IsNaN(f):
		digits := *s
		digits.verb, digits.prec, digits.alt = 'f', 0, false
		return digits.float(dst, f)
	}
	mark := len(dst)
	return s.text(appendRepr(dst, f), mark, false)
}

// whole appends a whole number, as such or as one with a fraction.
func (s *spec) whole(dst []byte, negative bool, magnitude uint64) []byte {
	if s.shows() != float {
		return s.integer(dst, negative, magnitude)
	}
	if negative {
		return s.float(dst, -float64(magnitude))
	}
	return s.float(dst, float64(magnitude))
}

// integer appends a whole number in digits.
func (s *spec) integer(dst []byte, negative bool, magnitude uint64) []byte {
	mark := len(dst)
	if s.verb == 'c' {
		dst = appendRune(dst, negative, magnitude)
		return pad(dst, mark, mark, s.width, s.numeric(), s.fill)
	}
	dst = s.appendSign(dst, negative)
	base, group := 10, 3
	prefix := ""
	switch s.verb {
	case 'b':
		base, group, prefix = 2, 4, "0b"
	case 'o':
		base, group, prefix = 8, 4, "0o"
	case 'x', 'X':
		base, group, prefix = 16, 4, "0x"
	}
	if s.alt {
		dst = append(dst, prefix...)
	}
	body := len(dst)
	dst = strconv.AppendUint(dst, magnitude, base)
	if n := s.prec - (len(dst) - body); s.percent && n > 0 {
		dst = insert(dst, body, n, '0')
	}
	if s.verb == 'X' {
		upper(dst, mark)
	}
	if s.group != 0 {
		dst = grouped(dst, body, len(dst), group, s.group, s.leading(body-mark))
	}
	return pad(dst, mark, body, s.width, s.numeric(), s.fill)
}

func appendRune(dst []byte, negative bool, magnitude uint64) []byte {
	if negative || magnitude > math.MaxInt32 {
		magnitude = utf8.RuneError
	}
	return utf8.AppendRune(dst, rune(magnitude))
}

// float appends a number with a fraction in digits.
func (s *spec) float(dst []byte, f float64) []byte {
	mark := len(dst)
	if s.verb == '%' {
		f *= 100
	}
	dst = s.appendSign(dst, math.Signbit(f) && !math.IsNaN(f))
	body := len(dst)
	f = math.Abs(f)
	dst = s.appendDigits(dst, f)
	if s.verb == 'E' || s.verb == 'F' || s.verb == 'G' {
		upper(dst, body)
	}
	if s.verb == '%' {
		dst = append(dst, '%')
	}
	if s.group != 0 && !math.IsInf(f, 0) && !math.IsNaN(f) {
		to := body
		for to < len(dst) && '0' <= dst[to] && dst[to] <= '9' {
			to++
		}
		dst = grouped(dst, body, to, 3, s.group, s.leading(body-mark+len(dst)-to))
	}
	return pad(dst, mark, body, s.width, s.numeric(), s.fill)
}

// appendDigits appends what stands after the sign.
func (s *spec) appendDigits(dst []byte, f float64) []byte {
	if math.IsInf(f, 0) {
		return append(dst, "inf"...)
	}
	if math.IsNaN(f) {
		return append(dst, "nan"...)
	}
	prec := s.prec
	if prec < 0 {
		prec = 6
	}
	switch s.verb {
	case 'e', 'E':
		return s.pointed(strconv.AppendFloat(dst, f, 'e', prec, 64), len(dst), prec)
	case 'f', 'F', '%':
		return s.pointed(strconv.AppendFloat(dst, f, 'f', prec, 64), len(dst), prec)
	case 'g', 'G', 'n':
		return appendGeneral(dst, f, max(prec, 1), s.alt, false)
	}
	if s.prec < 0 {
		return appendGeneral(dst, f, -1, s.alt, true)
	}
	return appendGeneral(dst, f, max(prec, 1), s.alt, true)
}

// pointed puts in the point that # asks for when there are no decimals.
func (s *spec) pointed(dst []byte, from, prec int) []byte {
	if !s.alt || prec > 0 {
		return dst
	}
	at := from
	for at < len(dst) && dst[at] != 'e' {
		at++
	}
	return insert(dst, at, 1, '.')
}

func (s *spec) appendSign(dst []byte, negative bool) []byte {
	if negative {
		return append(dst, '-')
	}
	if s.sign == '+' || s.sign == ' ' {
		return append(dst, s.sign)
	}
	return dst
}

// numeric is the alignment of a number.
func (s *spec) numeric() byte {
	if s.align == 0 {
		return '>'
	}
	return s.align
}

// leading is how many characters digits and separators must have so that
// zeros fill the width, beside the others that there are.
func (s *spec) leading(others int) int {
	if s.fill == '0' && s.align == '=' {
		return s.width - others
	}
	return 0
}
