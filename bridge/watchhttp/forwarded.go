package watchhttp

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// client returns the address of the client, without port: that of the other end
// of the connection, or what trusted proxies say; "" if neither is known.
func (m *middleware) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	peer, err := netip.ParseAddr(host)
	known := err == nil
	if len(m.TrustedProxies) > 0 && (known && m.trusts(peer) || !known && overUnixSocket(r)) {
		if a := m.forwarded(peer, r.Header[m.ForwardedHeader]); a != peer {
			return a.String()
		}
	}
	if !known {
		return ""
	}
	return host
}

// forwarded walks the addresses that proxies left in a header from the last to
// the first. Each was written by the machine that the one behind it names, so the
// walk ends at the first one that is not trusted, or says nothing readable: what
// stands before it anybody may have written.
func (m *middleware) forwarded(client netip.Addr, header []string) netip.Addr {
	read := hop
	if m.ForwardedHeader == "Forwarded" {
		read = forwardedFor
	}
	for i := len(header) - 1; i >= 0; i-- {
		rest, element, more := header[i], "", true
		for more {
			rest, element, more = cutLast(rest, ',')
			addr, ok := read(element)
			if !ok {
				return client
			}
			client = addr
			if !m.trusts(addr) {
				return client
			}
		}
	}
	return client
}

// trusts looks at the address alone: the zone, which peers on the same link have,
// is this machine's name for that link, and prefixes never match with one.
func (m *middleware) trusts(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range m.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// overUnixSocket reports whether a request came from this machine, through a
// file: such connections have no addresses.
func overUnixSocket(r *http.Request) bool {
	_, ok := r.Context().Value(http.LocalAddrContextKey).(*net.UnixAddr)
	return ok
}

// forwardedFor reads the address out of an element of a Forwarded header, such
// as for="[2001:db8::1]:4711";proto=https (RFC 7239).
func forwardedFor(element string) (netip.Addr, bool) {
	for more := true; more; {
		var pair string
		element, pair, more = cutLast(element, ';')
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if strings.EqualFold(name, "for") {
			if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
				value = value[1 : n-1]
			}
			return hop(value)
		}
	}
	return netip.Addr{}, false
}

// hop reads an address that may have a port: 192.0.2.1, 192.0.2.1:80,
// 2001:db8::1, [2001:db8::1], [2001:db8::1]:80. Zones are refused: they may be
// any text, and mean nothing elsewhere.
func hop(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 64 {
		return netip.Addr{}, false
	}
	port := ""
	if inside, ok := strings.CutPrefix(s, "["); ok {
		s, port, ok = strings.Cut(inside, "]")
		if !ok || !strings.Contains(s, ":") || port != "" && port[0] != ':' {
			return netip.Addr{}, false
		}
	} else if strings.Count(s, ":") == 1 {
		s, port, _ = strings.Cut(s, ":")
		port = ":" + port
	}
	if port != "" && !isPort(port[1:]) {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(s)
	return a.Unmap(), err == nil && a.Zone() == ""
}

func isPort(s string) bool {
	return s != "" && len(s) <= 5 && strings.Trim(s, "0123456789") == ""
}

// cutLast cuts s at the last separator that is not in quotes. It reads from the
// right, so that no quote further left, by whoever wrote that, hides what a
// trusted proxy has added. A quote behind a backslash is text: proxies write so
// what a client had in its Host.
func cutLast(s string, separator byte) (before, last string, more bool) {
	quoted := false
	for i := len(s) - 1; i >= 0; i-- {
		switch {
		case s[i] == '"':
			escapes := i - len(strings.TrimRight(s[:i], `\`))
			quoted = quoted != (escapes%2 == 0)
		case s[i] == separator && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return "", s, false
}
