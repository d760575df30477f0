package sink

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// An encoding is how the text of a file becomes bytes. Lines are UTF-8 already; of
// the others there are those of one byte that hold the first characters of Unicode.
type encoding struct {
	end    rune // the first character that it has not; 0 if it is UTF-8
	errors string
}

// newEncoding reads the names that Python has for an encoding, and for what becomes
// of characters that it has not.
func newEncoding(name, errors string) (e encoding, err error) {
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name)) {
	case "", "utf8", "u8", "utf", "cp65001":
	case "ascii", "usascii", "us", "646", "ansix3.41968":
		e.end = 0x80
	case "latin1", "latin", "l1", "iso88591", "88591", "8859", "cp819":
		e.end = 0x100
	default:
		return e, fmt.Errorf("encoding %q: lines are written in utf-8, latin-1 or ascii", name)
	}
	switch errors {
	case "", "strict", "backslashreplace", "replace", "ignore", "xmlcharrefreplace":
		e.errors = errors
	case "namereplace", "surrogateescape", "surrogatepass":
	default:
		return e, fmt.Errorf("errors %q: it is strict, backslashreplace, replace, ignore or xmlcharrefreplace", errors)
	}
	return e, nil
}

// CheckEncoding tells what is wrong with the encoding of a file, or with what it
// says of errors.
func CheckEncoding(name, errors string) error {
	_, err := newEncoding(name, errors)
	return err
}

// encode brings UTF-8 into the encoding, in its own memory where it is another one.
// Python gives up a line with a character that the encoding has not; here, unless
// errors says otherwise, it is written as \xe9, \u20ac or \U0001f389.
func (e encoding) encode(line []byte) []byte {
	if e.end == 0 || e.end == 0x80 && isASCII(line) {
		return line
	}
	out := make([]byte, 0, len(line)+16)
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		switch {
		case r < e.end:
			out = append(out, byte(r))
		case r == utf8.RuneError && size == 1:
			out = fmt.Appendf(out, `\x%02x`, line[0])
		default:
			out = e.replace(out, r)
		}
		line = line[size:]
	}
	return out
}

// replace writes what stands for a character that the encoding has not.
func (e encoding) replace(out []byte, r rune) []byte {
	switch {
	case e.errors == "ignore":
		return out
	case e.errors == "replace":
		return append(out, '?')
	case e.errors == "xmlcharrefreplace":
		return fmt.Appendf(out, "&#%d;", r)
	case r < 0x100:
		return fmt.Appendf(out, `\x%02x`, r)
	case r < 0x10000:
		return fmt.Appendf(out, `\u%04x`, r)
	}
	return fmt.Appendf(out, `\U%08x`, r)
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
