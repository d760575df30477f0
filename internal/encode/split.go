package encode

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"unicode/utf8"
)

// A frame is what stands around a piece of a message in each part of it, as
// the package comment describes it.
type frame interface {
	// head is what comes before the piece.
	head(id string, part, of int) string
	// tail is what comes after it.
	tail() string
	// width is how many bytes the rune at the beginning of p takes in a part,
	// whose n bytes are not changed otherwise.
	width(p []byte) (width, n int)
	// append appends a piece.
	append(dst, piece []byte) []byte
}

// jsonFrame is an object with the piece as a string.
type jsonFrame struct{ level string }

func (f jsonFrame) head(id string, part, of int) string {
	level := ""
	if f.level != "" {
		level = `"level":"` + f.level + `",`
	}
	return fmt.Sprintf(`{%s"_id":"%s","_part":"%d/%d","_text":"`, level, id, part, of)
}

func (jsonFrame) tail() string { return `"}` }

func (jsonFrame) width(p []byte) (width, n int) {
	switch c := p[0]; {
	case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t':
		return 2, 1
	case c < ' ':
		return len(`\u0000`), 1
	}
	return textFrame{}.width(p)
}

func (jsonFrame) append(dst, piece []byte) []byte {
	dst, _ = escape(dst, view(piece))
	return dst
}

// textFrame is a prefix.
type textFrame struct{}

func (textFrame) head(id string, part, of int) string {
	return fmt.Sprintf("[_id=%s _part=%d/%d] ", id, part, of)
}

func (textFrame) tail() string { return "" }

func (textFrame) width(p []byte) (width, n int) {
	_, n = utf8.DecodeRune(p)
	return n, n
}

func (textFrame) append(dst, piece []byte) []byte { return append(dst, piece...) }

// newID returns what the parts of a message have in common.
func newID() string { return fmt.Sprintf("%016x", rand.Uint64()) }

// split returns the parts of msg, none longer than limit.
func split(msg []byte, limit int, f frame, id string) [][]byte {
	var ends []int
	// The number of parts stands in each part: try with one digit, and with as
	// many as it turned out to need.
	for most := 9; ; most = most*10 + 9 {
		room := limit - len(f.head(id, most, most)) - len(f.tail())
		if ends = cuts(msg, room, f); len(ends) <= most {
			break
		}
	}
	parts := make([][]byte, len(ends))
	from := 0
	for i, end := range ends {
		part := append(make([]byte, 0, limit), f.head(id, i+1, len(ends))...)
		part = f.append(part, msg[from:end])
		parts[i] = append(part, f.tail()...)
		from = end
	}
	return parts
}

// cuts returns the ends of the pieces, each as long as fits into room.
func cuts(msg []byte, room int, f frame) []int {
	var ends []int
	used := 0
	for i := 0; i < len(msg); {
		width, n := f.width(msg[i:])
		if used+width > room {
			ends = append(ends, i)
			used = 0
		}
		used += width
		i += n
	}
	return append(ends, len(msg))
}

// shrinkText cuts msg and says how long it was.
func shrinkText(msg []byte, limit int) []byte {
	note := "… [truncated from " + strconv.Itoa(len(msg)) + " bytes]"
	n := cutRune(msg, limit-len(note))
	return append(msg[:n:n], note...)
}
