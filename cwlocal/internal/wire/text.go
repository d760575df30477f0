package wire

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// String reads a string into memory of its own; nil for null.
func (d *Decoder) String() *string {
	b := d.Bytes()
	if b == nil {
		return nil
	}
	return new(string(b))
}

// Bytes reads a string and returns its bytes, which alias the body; nil for null.
func (d *Decoder) Bytes() []byte {
	c := d.peek()
	if d.err != nil || c == 'n' {
		d.null()
		return nil
	}
	if c != '"' {
		d.mismatch("string")
		return nil
	}
	return d.text()
}

// Strings reads a list of strings; nil for null. An element may not be null.
func (d *Decoder) Strings() []string {
	var list []string
	ok := d.Array(func() {
		if b := d.Bytes(); b != nil {
			list = append(list, string(b))
		} else {
			d.fail("member '" + string(d.name) + "': null in a list")
		}
	})
	if ok && list == nil {
		list = []string{}
	}
	return list
}

// Map reads an object of strings; nil for null. Of equal keys the last counts.
func (d *Decoder) Map() map[string]string {
	m := map[string]string{}
	ok := d.Object(func(key []byte) {
		k := string(key)
		if b := d.Bytes(); b != nil {
			m[k] = string(b)
		} else {
			d.fail("member '" + k + "': null in a map")
		}
	})
	if !ok {
		return nil
	}
	return m
}

// text reads the string whose opening quote is next. What it returns is never
// nil without an error. An escape is at least as long as what it stands for, so
// the result fits where the string stood.
func (d *Decoder) text() []byte {
	d.pos++
	start := d.pos
	end := start // of the unescaped bytes
	for {
		run := plain(d.data[d.pos:])
		if end != d.pos {
			copy(d.data[end:], d.data[d.pos:d.pos+run])
		}
		d.pos += run
		end += run
		if d.pos == len(d.data) {
			d.fail("the body ends inside a string")
			return nil
		}
		switch d.data[d.pos] {
		case '"':
			d.pos++
			return d.data[start:end:end]
		case '\\':
			r, n := escape(d.data[d.pos:])
			if n == 0 {
				d.fail("an invalid escape in a string")
				return nil
			}
			d.pos += n
			end += utf8.EncodeRune(d.data[end:], r)
		default:
			d.fail("a control character in a string must be escaped, " + quoteByte(d.data[d.pos]) + " was found")
			return nil
		}
	}
}

// plain returns how many bytes of b come before the first quote, backslash or
// control character. It looks at eight bytes at a time: of a word, the
// expression is nonzero in the top bit of each such byte (and perhaps, by a
// carry, of later ones: only the first counts).
func plain(b []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote := w ^ '"'*ones
		slash := w ^ '\\'*ones
		found := ((quote-ones)&^quote | (slash-ones)&^slash | (w-0x20*ones)&^w) & tops
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == '"' || c == '\\' || c < 0x20 {
			break
		}
	}
	return i
}

// escapes are the escapes of one letter.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads the escape at the start of b and returns its length, 0 if it is
// none. Half a surrogate pair becomes U+FFFD, as in encoding/json.
func escape(b []byte) (r rune, n int) {
	if len(b) < 2 {
		return 0, 0
	}
	if c := escapes[b[1]]; c != 0 {
		return rune(c), 2
	}
	r, ok := unit(b)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := unit(b[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}

// unit reads \uXXXX.
func unit(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
