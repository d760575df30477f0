package cwlocal

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// jsonType is the content type of the API, of requests and answers alike.
// Browsers do not send it to another origin without asking first, and this
// server does not say yes.
const jsonType = "application/x-amz-json-1.1"

// formType is the content type of the query protocol (STS).
const formType = "application/x-www-form-urlencoded"

// admit checks who sends an API request. Any host name will do (Live Tail makes
// clients put a prefix before it), so pages of other origins are kept out by
// the Origin header, which browsers always send with a POST to elsewhere.
func (s *Server) admit(r *http.Request) *apiError {
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "UnknownOperationException", "the API wants method POST, not "+r.Method)
	}
	if !s.trustedOrigin(r) {
		return refuse(http.StatusForbidden, "AccessDeniedException", "requests from web pages of another origin are not served")
	}
	return nil
}

// trustedOrigin accepts programs, which send no Origin, and the server's own
// page under a host name that nobody else can point here.
func (s *Server) trustedOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	u, err := url.Parse(origins[0])
	return err == nil && len(origins) == 1 && u.Host != "" && u.Host == r.Host && s.trustedHost(u.Host)
}

// trustedHost reports whether host (with or without a port) is the loopback
// interface or configured. Other names might be an attacker's, pointed at this
// machine (DNS rebinding).
func (s *Server) trustedHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		return true
	}
	same := func(name string) bool { return strings.EqualFold(name, host) }
	return same("localhost") || slices.ContainsFunc(s.cfg.Hosts, same)
}

// contentType returns the media type of a request without its parameters.
func contentType(r *http.Request) string {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return t
}
