package watchhttp

import (
	"net/url"
	"strings"
)

const redacted = "REDACTED"

// judgedLimit bounds what is looked at of a text, in bytes. Less of it is logged, and
// clients may send a megabyte.
const judgedLimit = 4 * textLimit

// begun returns what is looked at of a text, and of the piece that is cut in two only
// the name: what the rest is cannot be told.
func begun(text, separators string) string {
	if len(text) <= judgedLimit {
		return text
	}
	head := text[:judgedLimit]
	end := strings.LastIndexAny(head, separators) + 1
	return head[:end+strings.IndexByte(head[end:], '=')+1] + "…"
}

// query returns a raw query with the values of secrets redacted, and what looks
// random and has no name; all else stays as it was.
func (m *middleware) query(raw string) string { return m.pairs(begun(raw, "&;"), true) }

// params does so for a text, such as a path, that may have parameters in it.
func (m *middleware) params(text string) string { return m.pairs(text, false) }

func (m *middleware) pairs(raw string, nameless bool) string {
	var b strings.Builder
	done := 0 // raw[:done] is in b
	for start := 0; start < len(raw); {
		end := len(raw)
		if i := strings.IndexAny(raw[start:], "&;"); i >= 0 {
			end = start + i
		}
		if value, secret := m.secretIn(raw[start:end], nameless); secret {
			b.WriteString(raw[done : start+value])
			b.WriteString(redacted)
			done = end
		}
		start = end + 1
	}
	if done == 0 {
		return raw
	}
	b.WriteString(raw[done:])
	return b.String()
}

// secretIn reports whether name=value is a secret, and where its value begins.
// A value is one too if it is an address, a query or JSON with a secret in it, or an
// address with a user.
func (m *middleware) secretIn(pair string, nameless bool) (value int, secret bool) {
	name, text, _ := strings.Cut(pair, "=")
	if strings.Trim(text, "=") == "" { // nothing, or the end of something in base64
		return 0, nameless && looksRandom(unescape(name))
	}
	value = len(name) + 1
	bare := name[strings.LastIndexAny(name, "? ")+1:] // of an address in a text
	return value, m.Redact(unescape(name)) || bare != name && m.Redact(unescape(bare)) || m.nested(text, 3)
}

func (m *middleware) nested(value string, depth int) bool {
	plain := unescape(value)
	if withoutUsers(plain) != plain || m.namedInJSON(plain) {
		return true
	}
	if !strings.Contains(plain, "=") {
		return depth > 0 && plain != value && strings.Contains(plain, "%") && m.nested(plain, depth-1)
	}
	for piece := range strings.FieldsFuncSeq(plain, func(c rune) bool { return strings.ContainsRune("?&;#", c) }) {
		name, text, ok := strings.Cut(piece, "=")
		if ok && (m.Redact(unescape(name)) || depth > 0 && m.nested(text, depth-1)) {
			return true
		}
	}
	return false
}

// namedInJSON reports whether a text has a "name": of a secret in it. It need not
// be JSON of the strict kind, and what is escaped within it is looked at too.
func (m *middleware) namedInJSON(text string) bool {
	for {
		name, rest, ok := strings.Cut(text, `"`)
		if !ok {
			return false
		}
		text = rest
		if strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), ":") && m.Redact(strings.TrimRight(name, `\`)) {
			return true
		}
	}
}

// unescape reads what is escaped; what is so in a wrong way stays as it is.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
