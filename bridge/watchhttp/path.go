package watchhttp

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// path returns an escaped path without the segments that the route names as
// secrets, whichever way it writes wildcards: {token}, {token...}, :token, *token.
// If it cannot be told which ones these are, nothing of the path is shown. Segments
// that the route says nothing of, all of them if no route matched, are judged by
// themselves. Also returned are the secrets, unescaped: they may stand elsewhere, too.
func (m *middleware) path(asked, route string) (shown string, secrets []string) {
	if slash := strings.IndexByte(route, '/'); slash > 0 {
		route = route[slash:] // patterns of http.ServeMux may have a host
	}
	secret := m.secretWildcard(route)
	switch {
	case secret && len(asked) > judgedLimit:
		return "/" + redacted, anything // its end may be what the route speaks of
	case !secret:
		asked = begun(asked, "/")
	}
	if !secret && (saysAll(route, asked) || !m.mayHoldSecrets(asked)) {
		return asked, nil // nearly always, so look before anything is made
	}
	if secret {
		asked = clean(asked) // as routers do that match it
	}
	parts := strings.Split(asked, "/")
	hidden, known := m.align(strings.Split(route, "/"), parts)
	if secret && !slices.Contains(hidden, true) {
		return "/" + redacted, anything
	}
	named := false
	for i, part := range parts {
		hidden[i] = hidden[i] || !known[i] && m.looksSecret(part, named)
		named = named || m.namesSecret(part)
	}
	shownParts := parts[:0:0]
	for i, part := range parts {
		switch {
		case !hidden[i]:
			shownParts = append(shownParts, m.params(part)) // as in "/a;jsessionid=b"
		case i == 0 || !hidden[i-1]:
			shownParts = append(shownParts, redacted)
		}
		if hidden[i] {
			secrets = addSecret(secrets, part)
		}
	}
	return strings.Join(shownParts, "/"), secrets
}

// saysAll reports whether a route has something to say of each segment of a path.
func saysAll(route, asked string) bool {
	last := route[strings.LastIndexByte(route, '/')+1:]
	return !isOpen(last) && strings.Count(route, "/") == strings.Count(asked, "/") && !strings.Contains(asked, "=")
}

// align finds the segments of a path that a route's wildcards name as secrets, and
// those that it says anything of. A router that was given the path less a prefix is
// aligned with its end. Where several places are possible, all count.
func (m *middleware) align(wild, parts []string) (hidden, known []bool) {
	hidden, known = make([]bool, len(parts)), make([]bool, len(parts))
	end := len(wild) - 1
	last := strings.TrimPrefix(wild[end], "{$}")
	open := isOpen(last)
	first, beyond := max(0, len(parts)-len(wild)), len(parts)-len(wild)+1
	if open {
		first, beyond, wild = 0, len(parts)-end+1, wild[:end]
	}
	tail := len(parts)
	for shift := first; shift < beyond; shift++ {
		if !fits(wild, parts[shift:]) {
			continue
		}
		for i := 1; i < len(wild); i++ {
			hidden[shift+i] = hidden[shift+i] || m.secretWildcard(wild[i])
			known[shift+i] = true
		}
		tail = min(tail, shift+max(1, end))
	}
	for i := tail; open && i < len(parts); i++ {
		hidden[i] = hidden[i] || m.secretWildcard(last)
		known[i] = known[i] || last != "" && last != "*"
	}
	return hidden, known
}

// isOpen reports whether the last segment of a route may stand for several of a path.
func isOpen(last string) bool {
	return last == "" || last[0] == '*' || strings.HasSuffix(last, "...}") ||
		last[0] == '{' && strings.Contains(last, ":") // an expression may have anything in it
}

// fits reports whether what has no wildcard in a route is so in the path. Both
// begin with what is before a slash, which does not count.
func fits(wild, parts []string) bool {
	for i, w := range wild {
		if i == 0 || strings.ContainsAny(w, `{}:*()<>[]?+\`) {
			continue
		}
		if part := parts[i]; w != part && !strings.EqualFold(plainSegment(w), plainSegment(part)) {
			return false
		}
	}
	return true
}

// mayHoldSecrets reports whether a path has anything that looksSecret might hide,
// or that stands where names and values do. It looks only, and makes nothing. What
// is before plain words need not be a name.
func (m *middleware) mayHoldSecrets(asked string) bool {
	named, before, start := false, 0, 0 // before is where the segments begin that no name is known of
	for part := range strings.SplitSeq(asked, "/") {
		if !isWord(part) {
			if start > before && !named {
				named = m.nameSecret(asked[before : start-1])
				before = start
			}
			if m.looksSecret(part, named) || strings.Contains(part, "=") {
				return true
			}
		}
		start += len(part) + 1
	}
	return false
}

// nameSecret reports whether any of some segments has the name of a secret.
func (m *middleware) nameSecret(segments string) bool {
	for part := range strings.SplitSeq(segments, "/") {
		if m.namesSecret(part) {
			return true
		}
	}
	return false
}

// looksSecret judges a segment of which no route says what it is. It hides what
// looks random, users with passwords, and behind a segment with the name of a secret
// whatever is no plain word.
func (m *middleware) looksSecret(segment string, named bool) bool {
	segment, _, _ = strings.Cut(segment, ";") // parameters have names of their own
	plain := plainSegment(segment)
	if _, after, ok := strings.Cut(plain, ":"); ok && strings.Contains(after, "@") {
		return true
	}
	return named && !isWord(plain) || looksRandom(plain)
}

func (m *middleware) namesSecret(segment string) bool {
	segment, _, _ = strings.Cut(segment, ";")
	return segment != "" && !strings.Contains(segment, "=") && m.Redact(segment)
}

// isWord reports whether a segment has small letters, - and _ alone, and not many.
func isWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || 'z' < c) && c != '-' && c != '_' {
			return false
		}
	}
	return len(s) <= 24
}

// looksRandom reports whether a piece between full stops has 16 or more letters, digits
// and - _ ~ +, and among them so many that follow another kind (of small letters,
// capitals and digits) as neither words nor numbers have. UUIDs, which are ids more
// often than secrets, don't count.
func looksRandom(s string) bool {
	length, changes, digits, before := 0, 0, 0, byte(0)
	for i := range len(s) {
		kind := byte(0)
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			kind = 'a'
		case 'A' <= c && c <= 'Z':
			kind = 'A'
		case '0' <= c && c <= '9':
			kind = '0'
			digits++
		case strings.IndexByte("-_~+", c) < 0:
			length, changes, digits, before = 0, 0, 0, 0
			continue
		}
		if length++; kind != 0 && before != 0 && kind != before {
			changes++
		}
		if before = kind; length >= 16 && changes >= 4 && digits > 0 && !isUUID(s) {
			return true
		}
	}
	return false
}

func isUUID(s string) bool {
	return len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' && isHex(strings.ToLower(strings.ReplaceAll(s, "-", "")))
}

// clean returns an escaped path as http.ServeMux matches it: without empty
// segments, "." and "..".
func clean(asked string) string {
	cleaned := path.Clean("/" + asked)
	if strings.HasSuffix(asked, "/") && cleaned != "/" {
		cleaned += "/"
	}
	return cleaned
}

// anything takes the place of secrets that are not known, or too many to look for.
var anything = []string{""}

// addSecret adds a segment of an escaped path, unescaped.
func addSecret(secrets []string, segment string) []string {
	switch plain := plainSegment(segment); {
	case plain == "" || slices.Contains(secrets, plain):
		return secrets
	case len(secrets) == maxSecrets || slices.Contains(secrets, ""):
		return anything
	default:
		return append(secrets, plain)
	}
}

// maxSecrets is how many secrets of a path are looked for in addresses.
const maxSecrets = 16

// plainSegment unescapes a segment; what is escaped in a wrong way stays as it is.
func plainSegment(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// secretWildcard reports whether a route, or a segment of one, has a wildcard that
// holds a secret, with or without an expression behind its name.
func (m *middleware) secretWildcard(route string) bool {
	for {
		i := strings.IndexAny(route, "{:*")
		if i < 0 {
			return false
		}
		route = route[i+1:]
		name := route
		if end := strings.IndexAny(name, "{}:*/."); end >= 0 {
			name = name[:end]
		}
		if name != "" && name != "$" && m.Redact(name) {
			return true
		}
	}
}
