package encode

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
	"unsafe"
)

// Two depths of escaping. A text line is the content of one JSON string, that
// of "message": escape. A string inside a JSON message is the content of a JSON
// string inside that: escapeTwice. Both return how many bytes only the outer
// layer added; len(out) less that is the length of the message.

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
	hex   = "0123456789abcdef"
	// replacement is U+FFFD, which takes the place of an invalid byte.
	replacement = "\xef\xbf\xbd"
)

// special has the high bit set in each byte of w that is a control character,
// a quotation mark, a backslash or not ASCII. A byte above such a one may be
// marked too, never one below: the lowest mark is exact. (A byte that is not
// ASCII keeps its high bit in quote or slash, whatever is taken from it.)
func special(w uint64) uint64 {
	quote := w ^ '"'*ones
	slash := w ^ '\\'*ones
	return ((w - ' '*ones) | (quote - ones) | (slash - ones)) & highs
}

// load reads 8 bytes of s from i; the compiler makes one instruction of it.
func load(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// next returns the index of the first byte of s, from i on, that cannot stand
// as it is, or len(s).
func next(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		if m := special(load(s, i)); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return i
		}
	}
	return i
}

// escape appends s as the content of a JSON string.
func escape(dst []byte, s string) ([]byte, int) {
	added := 0
	for i := 0; ; {
		dst, i = appendClean(dst, s, i)
		if i == len(s) {
			return dst, added
		}
		c := s[i]
		if c == '"' || c == '\\' {
			dst = append(dst, '\\', c)
			added++
			i++
		} else if c < ' ' {
			n := len(dst)
			dst = appendControl(dst, c)
			added += len(dst) - n - 1
			i++
		} else if end := skipRunes(s, i); end > i {
			dst = append(dst, s[i:end]...)
			i = end
		} else {
			dst = append(dst, replacement...)
			i++
		}
	}
}

// appendClean appends s from i on, up to the first byte that cannot stand as it
// is, and returns the index of that byte, or len(s).
func appendClean(dst []byte, s string, i int) ([]byte, int) {
	n := len(dst)
	if cap(dst)-n < len(s)-i+8 {
		dst = slices.Grow(dst, len(s)-i+8)
	}
	out := dst[:cap(dst)]
	for i+8 <= len(s) && n+8 <= len(out) {
		w := load(s, i)
		binary.LittleEndian.PutUint64(out[n:], w)
		if m := special(w); m != 0 {
			k := bits.TrailingZeros64(m) >> 3
			return out[:n+k], i + k
		}
		i += 8
		n += 8
	}
	for ; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			break
		}
		out[n] = c
		n++
	}
	return out[:n], i
}

// escapeTwice appends s as the content of a JSON string inside a JSON string.
//
// Most strings are short and clean: looking and copying at once, with the last
// words overlapping, costs half of doing one after the other.
func escapeTwice(dst []byte, s string) ([]byte, int) {
	from, n := len(dst), len(s)
	if cap(dst)-from < n {
		return escapeTwiceSlow(dst, s)
	}
	out := dst[from : from+n]
	marks := uint64(0)
	switch {
	case n >= 8 && len(out) >= n:
		for i := 0; i < n-8; i += 8 {
			w := load(s, i)
			marks |= special(w)
			binary.LittleEndian.PutUint64(out[i:], w)
		}
		w := load(s, n-8)
		marks |= special(w)
		binary.LittleEndian.PutUint64(out[n-8:], w)
	case n >= 4 && len(out) >= n:
		lo := uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
		hi := uint32(s[n-4]) | uint32(s[n-3])<<8 | uint32(s[n-2])<<16 | uint32(s[n-1])<<24
		marks = special(uint64(lo) | uint64(hi)<<32)
		binary.LittleEndian.PutUint32(out, lo)
		binary.LittleEndian.PutUint32(out[n-4:], hi)
	case n > 0 && len(out) >= n:
		first, middle, last := s[0], s[n/2], s[n-1] // all there is
		marks = special(uint64(first) | uint64(middle)<<8 | uint64(last)<<16 | ' '*ones&^0xffffff)
		out[0], out[n/2], out[n-1] = first, middle, last
	}
	if marks != 0 {
		return escapeTwiceSlow(dst, s)
	}
	return dst[:from+n], 0
}

// escapeTwiceSlow is escapeTwice for what is not clean.
func escapeTwiceSlow(dst []byte, s string) ([]byte, int) {
	added := 0
	for i := 0; ; {
		j := next(s, i)
		dst = append(dst, s[i:j]...)
		if j == len(s) {
			return dst, added
		}
		c := s[j]
		i = j + 1
		switch {
		case c == '"':
			dst = append(dst, `\\\"`...)
			added += 2
		case c == '\\':
			dst = append(dst, `\\\\`...)
			added += 2
		case c >= utf8.RuneSelf:
			i = skipRunes(s, j)
			dst, added = appendRunes(dst, s[j:i], added)
			if i == j {
				dst = append(dst, replacement...)
				i++
			}
		default:
			// The inner escape is \n or \u001f; the outer one doubles its backslash.
			dst = append(dst, '\\')
			dst = appendControl(dst, c)
			added++
		}
	}
}

// skipRunes returns the end of the run of valid non-ASCII runes that begins at
// i; it is i if there is none.
func skipRunes(s string, i int) int {
	for i < len(s) && s[i] >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

// appendRunes appends valid non-ASCII runes. The two line separators that
// JavaScript once tripped over are escaped, as encoding/json and slog do it.
func appendRunes(dst []byte, s string, added int) ([]byte, int) {
	start := 0
	for i := 0; i+2 < len(s); i++ {
		if s[i] != 0xe2 || s[i+1] != 0x80 || s[i+2]&^1 != 0xa8 {
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = append(dst, `\\u202`...)
		dst = append(dst, hex[s[i+2]&0xf])
		added++
		start = i + 3
	}
	return append(dst, s[start:]...), added
}

// appendControl appends the JSON escape of a control character.
func appendControl(dst []byte, c byte) []byte {
	switch c {
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
}

// view returns p as a string without copying. It is used only while nobody
// writes to p.
func view(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }

// unescape appends to dst what escape made s from. It leaves out the marks of late
// fields.
func unescape(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' {
			if c > markFirst {
				dst = append(dst, c)
			}
			continue
		}
		i++
		switch s[i] {
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			dst = append(dst, unhex(s[i+3])<<4|unhex(s[i+4]))
			i += 4
		default:
			dst = append(dst, s[i])
		}
	}
	return dst
}

// unhex is the value of a lower-case hexadecimal digit.
func unhex(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}
