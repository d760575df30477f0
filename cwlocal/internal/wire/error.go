package wire

import (
	"fmt"
	"strconv"
)

// An Error says what is wrong with a body. The service answers it with
// SerializationException.
type Error struct {
	// Offset is the number of bytes of the body before the fault.
	Offset int
	// Text says what was found, and what was expected there.
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("%s (at byte %d)", e.Text, e.Offset) }

// fail keeps the first error.
func (d *Decoder) fail(text string) {
	if d.err == nil {
		d.err = &Error{Offset: d.pos, Text: text}
	}
}

// unexpected is a fault of syntax.
func (d *Decoder) unexpected(want string) {
	if c := d.peek(); d.pos < len(d.data) {
		d.fail("unexpected " + quoteByte(c) + " where " + want + " should be")
		return
	}
	d.fail("the body ends where " + want + " should be")
}

// mismatch is a well-formed value of another type than the member has, or no
// value at all.
func (d *Decoder) mismatch(want string) {
	found := ""
	switch c := d.peek(); {
	case c == '{':
		found = "a structure"
	case c == '[':
		found = "a list"
	case c == '"':
		found = "a string"
	case c == 't', c == 'f':
		found = "a boolean"
	case c == '-', c >= '0' && c <= '9':
		found = "a number"
	default:
		d.unexpected("a value of type " + want)
		return
	}
	text := found + " cannot be converted to a " + want
	if len(d.name) > 0 {
		text = "member '" + string(d.name) + "': " + text
	}
	d.fail(text)
}

// quoteByte shows a byte; bytes of longer runes are shown as numbers.
func quoteByte(c byte) string {
	if c < 0x20 || c >= 0x7f {
		return fmt.Sprintf("byte 0x%02x", c)
	}
	return strconv.QuoteRune(rune(c))
}
