// Package wire reads the JSON bodies of API requests.
//
// It exists because encoding/json took three quarters of the time of a
// PutLogEvents request, and because the service is stricter than encoding/json
// in one way (invalid UTF-8 is an error) and matches member names exactly.
//
// A [Decoder] walks a body once, from left to right. The caller says what it
// expects next; unknown members are skipped, and checked while they are. Errors
// stick: after the first one every method returns its zero value, so that the
// caller looks at [Decoder.Err] once, at the end.
package wire

import (
	"strconv"
	"unicode/utf8"
)

// maxDepth bounds how deep arrays and objects may be nested. No request of the
// API nests deeper than six.
const maxDepth = 64

// A Decoder reads one JSON value. It works inside the bytes that it was given:
// strings are unescaped in place and results may alias them, so the caller
// neither changes nor reuses them while results are in use.
type Decoder struct {
	data  []byte
	pos   int
	depth int
	name  []byte // the member being read, for error messages
	err   error
}

// NewDecoder returns a Decoder of the one JSON value in data. Data that is not
// valid UTF-8 is an error from the start.
func NewDecoder(data []byte) *Decoder {
	d := &Decoder{data: data}
	if !utf8.Valid(data) {
		d.fail("the body is not valid UTF-8")
	}
	return d
}

// Err returns the first error, a [*Error], or nil.
func (d *Decoder) Err() error { return d.err }

// End checks that only white space is left.
func (d *Decoder) End() {
	if c := d.peek(); d.err == nil && d.pos < len(d.data) {
		d.fail("unexpected " + quoteByte(c) + " after the end of the body")
	}
}

// Object calls member with the name of each member in turn; member must consume
// the value with exactly one call. The name is valid until that call. Object
// reports false for null, which the service treats as absent.
func (d *Decoder) Object(member func(name []byte)) bool {
	if !d.open('{', "structure") {
		return false
	}
	for first := true; d.more('}', first); first = false {
		if d.peek() != '"' {
			d.unexpected("a member name")
			break
		}
		name := d.text()
		if d.peek() != ':' {
			d.unexpected("':'")
			break
		}
		d.pos++
		d.name = name
		member(name)
	}
	d.depth--
	return d.err == nil
}

// Array calls element once for each element, which must consume it with exactly
// one call. It reports false for null.
func (d *Decoder) Array(element func()) bool {
	if !d.open('[', "list") {
		return false
	}
	for first := true; d.more(']', first); first = false {
		element()
	}
	d.depth--
	return d.err == nil
}

// open enters an object or an array.
func (d *Decoder) open(bracket byte, want string) bool {
	c := d.peek()
	if d.err != nil || c == 'n' {
		d.null()
		return false
	}
	if c != bracket {
		d.mismatch(want)
		return false
	}
	if d.depth++; d.depth > maxDepth {
		d.fail("nested deeper than " + strconv.Itoa(maxDepth) + " levels")
		return false
	}
	d.pos++
	return true
}

// more reports whether another element follows, and moves past the comma before
// it or the bracket behind the last one.
func (d *Decoder) more(bracket byte, first bool) bool {
	c := d.peek()
	switch {
	case d.err != nil:
		return false
	case c == bracket:
		d.pos++
		return false
	case first:
		return true
	case c == ',':
		d.pos++
		return true
	}
	d.unexpected("',' or '" + string(bracket) + "'")
	return false
}

// peek skips white space and returns the next byte, 0 at the end or after an error.
func (d *Decoder) peek() byte {
	if d.err != nil {
		return 0
	}
	for ; d.pos < len(d.data); d.pos++ {
		switch c := d.data[d.pos]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}
