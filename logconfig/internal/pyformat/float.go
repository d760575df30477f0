package pyformat

import (
	"math"
	"strconv"
)

// appendRepr appends the shortest text that is this number again, as Python's
// repr has it.
func appendRepr(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "nan"...)
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	}
	if math.Signbit(f) {
		dst = append(dst, '-')
	}
	return appendGeneral(dst, math.Abs(f), -1, false, true)
}

// appendGeneral appends a number that is not negative with prec significant
// digits, -1 for as many as it needs, with an exponent when it is large or
// small. With alt, zeros at the end stay; with dot0 there is always a digit after
// the point. (format_float_short in CPython's pystrtod.c.)
func appendGeneral(dst []byte, f float64, prec int, alt, dot0 bool) []byte {
	var room [32]byte
	digits, point := significant(room[:0], f, prec)
	last := prec
	if prec < 0 {
		last = 16
	} else if dot0 {
		last--
	}
	exponent := point <= -4 || point > last
	end := len(digits)
	if alt {
		end = max(end, prec)
	}
	first := point
	if exponent {
		first = 1
	}
	if dot0 && !exponent {
		end = max(end, first+1)
	}
	dst = appendPointed(dst, digits, first, max(end, first), alt)
	if !exponent {
		return dst
	}
	dst = append(dst, 'e')
	if point--; point < 0 {
		dst, point = append(dst, '-'), -point
	} else {
		dst = append(dst, '+')
	}
	if point < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(point), 10)
}

// significant returns the digits of f without zeros at the end, and where
// the point stands: after so many of them.
func significant(room []byte, f float64, prec int) (digits []byte, point int) {
	e := strconv.AppendFloat(room, f, 'e', max(prec-1, -1), 64)
	at := len(e) - 1
	for e[at] != 'e' {
		at--
	}
	exponent, _ := strconv.Atoi(string(e[at+1:]))
	digits = e[:1]
	if at > 2 {
		digits = append(digits, e[2:at]...)
	}
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return digits, exponent + 1
}

// appendPointed appends the digits up to the place end, with the point at its
// place and zeros where there are no digits.
func appendPointed(dst, digits []byte, point, end int, alt bool) []byte {
	if point <= 0 {
		dst = append(dst, '0', '.')
	}
	for i := min(point, 0); i < end; i++ {
		if i == point && point > 0 {
			dst = append(dst, '.')
		}
		if 0 <= i && i < len(digits) {
			dst = append(dst, digits[i])
		} else {
			dst = append(dst, '0')
		}
	}
	if alt && end == point {
		dst = append(dst, '.')
	}
	return dst
}
