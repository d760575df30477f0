package streamname

import (
	"cmp"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// replacement takes the place of each character that a name cannot have.
const replacement = '-'

// allowed reports whether a name can have the rune r, which size bytes were
// decoded to. The service forbids ':' and '*'; control characters and broken
// UTF-8 only we refuse: they would not survive a terminal or a JSON body.
func allowed(r rune, size int) bool {
	switch {
	case r == ':', r == '*', r == utf8.RuneError && size == 1:
		return false
	}
	return !unicode.IsControl(r)
}

// forbidden returns where the first character that a name cannot have is, in
// bytes, and what to call it; -1 if there is none.
func forbidden(s string) (int, string) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !allowed(r, size) {
			if r == utf8.RuneError {
				return i, fmt.Sprintf("byte 0x%x (not UTF-8)", s[i])
			}
			return i, fmt.Sprintf("%q", r)
		}
		i += size
	}
	return -1, ""
}

// cleaned returns s made fit for a name, fallback if s is empty.
func cleaned(s, fallback string) string {
	b, _ := appendClean(nil, []byte(cmp.Or(s, fallback)))
	return string(b)
}

// appendClean appends text from outside to a name: what a name cannot have is
// replaced. It stops before the first character that would make the name
// longer than 512 bytes, and reports whether all of s found room.
func appendClean(name, s []byte) ([]byte, bool) {
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(s[i:])
		}
		i += size
		if !allowed(r, size) {
			r, size = replacement, 1
		}
		if len(name)+size > cwl.MaxNameLength {
			return name, false
		}
		name = utf8.AppendRune(name, r)
	}
	return name, true
}

// appendText does the same with text that is clean.
func appendText(name []byte, s string) ([]byte, bool) {
	room := cwl.MaxNameLength - len(name)
	if len(s) <= room {
		return append(name, s...), true
	}
	for room > 0 && !utf8.RuneStart(s[room]) {
		room--
	}
	return append(name, s[:room]...), false
}
