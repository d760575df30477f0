package wire

import (
	"bytes"
	"math"
)

// Int64 reads a whole number; nil for null. A fraction, an exponent or a number
// beyond 64 bits is an error.
func (d *Decoder) Int64() *int64 {
	n, ok := d.Long()
	if !ok {
		return nil
	}
	return &n
}

// Long is Int64 without an allocation; ok is false for null.
func (d *Decoder) Long() (n int64, ok bool) {
	c := d.peek()
	if d.err != nil || c == 'n' {
		d.null()
		return 0, false
	}
	if c != '-' && (c < '0' || c > '9') {
		d.mismatch("long")
		return 0, false
	}
	start := d.pos
	d.number()
	if d.err != nil {
		return 0, false
	}
	if n, ok = parseInt(d.data[start:d.pos]); !ok {
		d.pos = start
		d.fail("member '" + string(d.name) + "': the number is not a whole number of 64 bits")
		return 0, false
	}
	return n, true
}

// Bool reads true or false; nil for null.
func (d *Decoder) Bool() *bool {
	c := d.peek()
	switch {
	case d.err != nil || c == 'n':
		d.null()
		return nil
	case c == 't':
		d.literal("true")
	case c == 'f':
		d.literal("false")
	default:
		d.mismatch("boolean")
	}
	if d.err != nil {
		return nil
	}
	return new(c == 't')
}

// Skip reads any value and forgets it, with the checks of syntax that a value
// in use would get.
func (d *Decoder) Skip() {
	switch c := d.peek(); {
	case d.err != nil:
	case c == '{':
		d.Object(func([]byte) { d.Skip() })
	case c == '[':
		d.Array(d.Skip)
	case c == '"':
		d.text()
	case c == 't':
		d.literal("true")
	case c == 'f':
		d.literal("false")
	case c == 'n':
		d.null()
	case c == '-', c >= '0' && c <= '9':
		d.number()
	default:
		d.unexpected("a value")
	}
}

// null moves past the literal, if there has been no error.
func (d *Decoder) null() {
	if d.err == nil {
		d.literal("null")
	}
}

// literal moves past a word that must stand here.
func (d *Decoder) literal(word string) {
	if !bytes.HasPrefix(d.data[d.pos:], []byte(word)) {
		d.fail("an unknown word where a value should be")
		return
	}
	d.pos += len(word)
}

// number moves past a number of RFC 8259, which starts here.
func (d *Decoder) number() {
	if d.data[d.pos] == '-' {
		d.pos++
	}
	if d.at('0') {
		d.pos++
	} else {
		d.digits()
	}
	if d.at('.') {
		d.pos++
		d.digits()
	}
	if d.at('e') || d.at('E') {
		d.pos++
		if d.at('+') || d.at('-') {
			d.pos++
		}
		d.digits()
	}
}

// digits moves past one or more digits.
func (d *Decoder) digits() {
	start := d.pos
	for d.pos < len(d.data) && d.data[d.pos] >= '0' && d.data[d.pos] <= '9' {
		d.pos++
	}
	if d.pos == start {
		d.unexpected("a digit")
	}
}

func (d *Decoder) at(c byte) bool { return d.pos < len(d.data) && d.data[d.pos] == c }

// parseInt returns the value of a number that consists of digits, perhaps with
// a minus in front; ok is false for other numbers and beyond 64 bits.
func parseInt(b []byte) (n int64, ok bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	for _, c := range b {
		digit := int64(c) - '0'
		// Counted below zero, where there is one number more.
		if digit < 0 || digit > 9 || n < (math.MinInt64+digit)/10 {
			return 0, false
		}
		n = n*10 - digit
	}
	if negative {
		return n, len(b) > 0
	}
	return -n, len(b) > 0 && n != math.MinInt64
}
