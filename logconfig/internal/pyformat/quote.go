package pyformat

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendQuoted appends text as Python's repr has it, with ascii as its ascii.
// Bytes that are no UTF-8 come out as \x and their number.
func appendQuoted(dst []byte, s string, ascii bool) []byte {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	dst = append(dst, quote)
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = fmt.Appendf(dst, `\x%02x`, s[at])
		case r == rune(quote) || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r < utf8.RuneSelf && unicode.IsPrint(r), !ascii && unicode.IsPrint(r):
			dst = append(dst, s[at:at+size]...)
		default:
			dst = appendEscape(dst, r)
		}
		at += size
	}
	return append(dst, quote)
}

func appendEscape(dst []byte, r rune) []byte {
	switch {
	case r <= 0xff:
		return fmt.Appendf(dst, `\x%02x`, r)
	case r <= 0xffff:
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	return fmt.Appendf(dst, `\U%08x`, r)
}
