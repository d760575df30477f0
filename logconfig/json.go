package logconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// looksJSON reports whether a document is meant to be JSON: it is, or it begins
// as JSON does and YAML hardly ever.
func looksJSON(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	if !bytes.HasPrefix(data, []byte("{")) {
		return false
	}
	return json.Valid(data) || bytes.HasPrefix(bytes.TrimLeft(data[1:], " \t\r\n"), []byte(`"`))
}

// parseJSON returns the root of a document, or nil with what is wrong noted.
func (r *reader) parseJSON(data []byte) *node {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	j := &jsonTree{r: r, data: data, dec: dec}
	// The whole first: its errors have places that mean the same for each of them.
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		at := len(data)
		if s, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = int(s.Offset) - 1
		}
		r.wrong(j.place(at), "", "this is not JSON: %s", strings.TrimPrefix(err.Error(), "json: "))
		return nil
	}
	root, err := j.value(0)
	if err != nil {
		r.wrong(j.place(int(dec.InputOffset())), "", "%v", err)
		return nil
	}
	return root
}

// A jsonTree turns the tokens of a decoder into nodes.
type jsonTree struct {
	r    *reader
	data []byte
	dec  *json.Decoder

	seen       int // data up to here is counted in line and column, from 0
	line       int
	column     int
	nodesSoFar int
}

// next returns the next token and where it begins.
func (j *jsonTree) next() (json.Token, position, error) {
	from := int(j.dec.InputOffset())
	for from < len(j.data) && strings.IndexByte(" \t\r\n,:", j.data[from]) >= 0 {
		from++
	}
	at := j.place(from)
	tok, err := j.dec.Token()
	return tok, at, err
}

// place is the position of a byte. Calls go forward mostly; each counts on from
// the one before, since all of a document may stand in one line.
func (j *jsonTree) place(offset int) position {
	offset = min(max(offset, 0), len(j.data))
	if offset < j.seen {
		j.seen, j.line, j.column = 0, 0, 0
	}
	for ; j.seen < offset; j.seen++ {
		switch c := j.data[j.seen]; {
		case c == '\n':
			j.line, j.column = j.line+1, 0
		case utf8.RuneStart(c):
			j.column++
		}
	}
	return position{j.line + 1, j.column + 1}
}

func (j *jsonTree) value(depth int) (*node, error) {
	tok, at, err := j.next()
	if err != nil {
		return nil, err
	}
	if j.nodesSoFar++; j.nodesSoFar > maxNodes {
		return nil, fmt.Errorf("the document has more than %d values", maxNodes)
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("objects and lists are more than %d deep here", maxDepth)
	}
	switch v := tok.(type) {
	case json.Delim:
		if v == '{' {
			return j.object(at, depth)
		}
		return j.list(at, depth)
	case string:
		return &node{kind: textKind, at: at, text: v}, nil
	case json.Number:
		k := intKind
		if strings.ContainsAny(v.String(), ".eE") {
			k = floatKind
		}
		return &node{kind: k, at: at, text: v.String()}, nil
	case bool:
		return &node{kind: boolKind, at: at, text: fmt.Sprint(v)}, nil
	}
	return &node{kind: nullKind, at: at}, nil
}

func (j *jsonTree) list(at position, depth int) (*node, error) {
	n := &node{kind: listKind, at: at}
	for j.dec.More() {
		v, err := j.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, v)
	}
	_, err := j.dec.Token()
	return n, err
}

func (j *jsonTree) object(at position, depth int) (*node, error) {
	n := &node{kind: mapKind, at: at}
	first := map[string]position{}
	for j.dec.More() {
		tok, keyAt, err := j.next()
		if err != nil {
			return nil, err
		}
		key, _ := tok.(string)
		v, err := j.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if old, twice := first[key]; twice {
			j.r.wrong(keyAt, "", "the key %q is there twice: the first is in line %d", key, old.line)
			continue
		}
		first[key] = keyAt
		n.entries = append(n.entries, entry{key, keyAt, v})
	}
	_, err := j.dec.Token()
	return n, err
}
