package encode

import (
	"bytes"
	"encoding/json"
)

// A pruner redacts the strings and numbers within a JSON value. The value is
// known to be valid.
type pruner struct {
	scanner
	redact func(key, value string) string
	out    []byte // nil while nothing has changed
	done   int    // so much of msg is in out
}

// redactWithin returns raw with each string and number in it as Options.Redact
// wants it, under the key that it has in its object; elements of an array have the
// array's, and key is that of raw itself. A number that changes becomes a string.
func (e *Encoder) redactWithin(key string, raw []byte) []byte {
	p := pruner{scanner: scanner{msg: raw}, redact: e.redact}
	if c := raw[0]; c != '{' && c != '[' {
		return raw
	}
	p.value(key, 0)
	if p.out == nil {
		return raw
	}
	return append(p.out, raw[p.done:]...)
}

// value redacts the value that begins at i and returns its end.
func (p *pruner) value(key string, i int) int {
	switch c := p.msg[i]; {
	case c == '{':
		return p.object(i)
	case c == '[':
		return p.array(key, i)
	case c == '"':
		end := p.text(i)
		p.leaf(key, unquoted(p.msg[i:end]), i, end)
		return end
	default:
		end := i + 1
		for end < len(p.msg) && bytes.IndexByte([]byte(",}] \t\r\n"), p.msg[end]) < 0 {
			end++
		}
		if c == '-' || '0' <= c && c <= '9' {
			p.leaf(key, string(p.msg[i:end]), i, end)
		}
		return end
	}
}

func (p *pruner) object(i int) int {
	for i = p.space(i + 1); p.msg[i] != '}'; {
		end := p.text(i)
		key := unquoted(p.msg[i:end])
		i = p.next(p.value(key, p.space(p.space(end)+1)))
	}
	return i + 1
}

func (p *pruner) array(key string, i int) int {
	for i = p.space(i + 1); p.msg[i] != ']'; {
		i = p.next(p.value(key, i))
	}
	return i + 1
}

// next skips the comma after a value, if there is one.
func (p *pruner) next(i int) int {
	if i = p.space(i); p.msg[i] == ',' {
		i = p.space(i + 1)
	}
	return i
}

// leaf redacts what stands between from and to.
func (p *pruner) leaf(key, was string, from, to int) {
	now := p.redact(key, was)
	if now == was {
		return
	}
	p.out = quoted(append(p.out, p.msg[p.done:from]...), now)
	p.done = to
}

// unquoted is what a JSON string stands for.
func unquoted(s []byte) string {
	if inner := s[1 : len(s)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var text string
	_ = json.Unmarshal(s, &text) // it is valid
	return text
}
