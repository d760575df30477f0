package term

import (
	"fmt"
	"strings"
)

// Visible makes the control characters of foreign text harmless: a log
// message may hold whatever a client of the program sent, and escape sequences
// in it could retitle, recolour or answer for the reader's terminal. Tabs and
// newlines stay; each other control character becomes \x1b and the like.
func Visible(text string) string {
	if strings.IndexFunc(text, control) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if control(r) {
			fmt.Fprintf(&b, `\x%02x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// control tells whether a terminal may act on r: C0 but for tab and newline,
// DEL, and C1, whose 0x9b starts a sequence as ESC [ does.
func control(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' || r >= 0x7f && r <= 0x9f
}
