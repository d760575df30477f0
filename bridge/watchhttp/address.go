package watchhttp

import (
	"net/url"
	"slices"
	"strings"
)

// addressNames end the names of headers that hold addresses, in lower case.
var addressNames = []string{"location", "referer", "referrer", "url", "uri", "link", "origin", "redirect", "destination", "refresh"}

// header returns a value of a header as it is logged. Redacted as addresses are
// those of headers that hold such by their name, and whatever looks like one or has
// a secret of the route's path in it.
func (m *middleware) header(name, value string, secrets []string) string {
	name = strings.ToLower(name)
	named := slices.ContainsFunc(addressNames, func(end string) bool { return strings.HasSuffix(name, end) })
	switch {
	case !named && !strings.Contains(value, "?") && !strings.Contains(value, "//") && !holds(value, secrets):
		return value
	case strings.HasSuffix(name, "link"):
		return m.links(begun(value, "<>,; "), secrets)
	}
	return m.address(value, secrets)
}

// links redacts each <address> of a Link header, and what stands between them too:
// who writes a header wrongly shall not have its secrets logged.
func (m *middleware) links(value string, secrets []string) string {
	var b strings.Builder
	for {
		between, rest, ok := strings.Cut(value, "<")
		b.WriteString(m.address(between, secrets))
		if !ok {
			return b.String()
		}
		address, after, closed := strings.Cut(rest, ">")
		b.WriteString("<" + m.address(address, secrets))
		if closed {
			b.WriteByte('>')
		}
		value = after
	}
}

// address returns an address, or a text with some, without users, passwords and
// fragment, with the secrets of its query redacted, and what holds one of the secrets
// of the route's path. Of its own path no route is known.
func (m *middleware) address(address string, secrets []string) string {
	address, _, _ = strings.Cut(withoutUsers(begun(address, "/?&;# ")), "#")
	address, query, ok := strings.Cut(address, "?")
	if holds(address, secrets) || m.mayHoldSecrets(address) {
		address = m.segments(address, secrets)
	}
	address = m.params(address) // "/a;jsessionid=b"
	switch {
	case !ok:
		return address
	case holds(query, secrets):
		return address + "?" + redacted
	}
	return address + "?" + m.query(query)
}

func (m *middleware) segments(address string, secrets []string) string {
	parts, named := strings.Split(address, "/"), false
	for i, part := range parts {
		scheme := part == "" || i == 0 && strings.HasSuffix(part, ":")
		host := i >= 2 && parts[i-1] == "" && (parts[i-2] == "" || strings.HasSuffix(parts[i-2], ":"))
		switch {
		case scheme:
		case holds(part, secrets), !host && m.looksSecret(part, named):
			parts[i] = redacted
		}
		named = named || !host && m.namesSecret(part)
	}
	return strings.Join(parts, "/")
}

// withoutUsers returns a text without the user and password of all addresses in it.
func withoutUsers(s string) string {
	var b strings.Builder
	done := 0 // s[:done] is in b
	for start := 0; ; {
		i := strings.Index(s[start:], "//")
		if i < 0 {
			break
		}
		host := strings.TrimLeft(s[start+i:], "/") // browsers take "///" for "//"
		start = len(s) - len(host)
		if end := strings.IndexAny(host, "/?#"); end >= 0 {
			host = host[:end]
		}
		if at := strings.LastIndexByte(host, '@'); at > 0 {
			b.WriteString(s[done:start])
			done = start + at + 1
		}
		start += len(host)
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// holds reports whether a text has one of the secrets in it, escaped or not.
func holds(text string, secrets []string) bool {
	if len(secrets) == 0 {
		return false
	}
	for range 4 { // addresses within addresses are escaped again
		if slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(text, secret) }) {
			return true
		}
		plain, err := url.PathUnescape(text)
		if err != nil || plain == text {
			return false
		}
		text = plain
	}
	return false
}
