package watchhttp

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// silent is a level that the default logger does not have.
func silent(*http.Request, Outcome) slog.Level { return slog.LevelDebug }

func TestTraceparentIsValidated(t *testing.T) {
	const trace = "0af7651916cd43dd8448eb211c80319c"
	for header, want := range map[string]string{
		"00-" + trace + "-b7ad6b7169203331-01":                        trace,
		"00-" + trace + "-b7ad6b7169203331-00":                        trace,
		"cc-" + trace + "-b7ad6b7169203331-01":                        trace,
		"cc-" + trace + "-b7ad6b7169203331-01-what-the-future-brings": trace,
		"cc-" + trace + "-b7ad6b7169203331-01.what-the-future-brings": "",
		"00-" + trace + "-b7ad6b7169203331-01-more":                   "",
		"ff-" + trace + "-b7ad6b7169203331-01":                        "",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01":     "",
		"00-" + trace + "-0000000000000000-01":                        "",
		"00-" + strings.ToUpper(trace) + "-b7ad6b7169203331-01":       "",
		"00-" + trace + "-b7ad6b7169203331-0g":                        "",
		"00-" + trace + "-b7ad6b7169203331":                           "",
		"00_" + trace + "-b7ad6b7169203331-01":                        "",
		"00-" + trace + "\n\"b7ad6b716920333-01":                      "",
		"":                                                            "",
	} {
		if got := traceparentID(header); got != want {
			t.Errorf("%q: %q, not %q", header, got, want)
		}
	}
}

func TestXRayRootIsValidated(t *testing.T) {
	const root = "1-67891233-abcdef012345678912345678"
	for header, want := range map[string]string{
		"Root=" + root: root,
		"Root=" + root + ";Parent=53995c3f42cd8ad8;Sampled=1":         root,
		"Self=1-67891234-12456789abcdef0123456789;Root=" + root:       root,
		"Sampled=1; Root=" + root + " ;Lineage=a87bd80c:1|68fd508a:5": root,
		"Root=1-67891233":                           "",
		"Root=2-67891233-abcdef012345678912345678":  "",
		"Root=1-67891233-ABCDEF012345678912345678":  "",
		"Root=1-67891233-abcdef01234567891234567\n": "",
		"Root=;Root=" + root:                        "",
		"Self=" + root:                              "",
		"":                                          "",
	} {
		if got := xrayRoot(header); got != want {
			t.Errorf("%q: %q, not %q", header, got, want)
		}
	}
	if got, want := xrayTraceID(root), "67891233abcdef012345678912345678"; got != want {
		t.Errorf("trace id %q, not %q", got, want)
	}
}

func TestClientIsWhomTrustedProxiesName(t *testing.T) {
	type headers = []string
	const xff, fwd = "X-Forwarded-For", "Forwarded"
	for _, c := range []struct {
		name, peer, header string
		values             headers
		want               string
	}{
		{"no header", "10.0.0.1:80", xff, nil, "10.0.0.1"},
		{"one proxy", "10.0.0.1:80", xff, headers{"203.0.113.7"}, "203.0.113.7"},
		{"two proxies", "10.0.0.1:80", xff, headers{"203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		{"two lines", "10.0.0.1:80", xff, headers{"203.0.113.7", "10.0.0.2"}, "203.0.113.7"},
		{"what the client made up", "10.0.0.1:80", xff, headers{"1.1.1.1, 203.0.113.7"}, "203.0.113.7"},
		{"a line that it made up", "10.0.0.1:80", xff, headers{"1.1.1.1", "203.0.113.7"}, "203.0.113.7"},
		{"a peer that is nobody's proxy", "203.0.113.9:80", xff, headers{"1.1.1.1"}, "203.0.113.9"},
		{"proxies alone", "10.0.0.1:80", xff, headers{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"nonsense", "10.0.0.1:80", xff, headers{"1.1.1.1, <script>, 10.0.0.2"}, "10.0.0.2"},
		{"empty", "10.0.0.1:80", xff, headers{""}, "10.0.0.1"},
		{"empty hop", "10.0.0.1:80", xff, headers{"1.1.1.1,"}, "10.0.0.1"},
		{"quotes", "10.0.0.1:80", xff, headers{`", 203.0.113.7`}, "203.0.113.7"},
		{"a port", "10.0.0.1:80", xff, headers{"203.0.113.7:4711"}, "203.0.113.7"},
		{"no port", "10.0.0.1:80", xff, headers{"203.0.113.7:"}, "10.0.0.1"},
		{"IPv6", "[fd00::1]:80", xff, headers{"2001:db8::7"}, "2001:db8::7"},
		{"IPv6 with a port", "10.0.0.1:80", xff, headers{"[2001:DB8::7]:4711"}, "2001:db8::7"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:80", xff, headers{"::ffff:203.0.113.7"}, "203.0.113.7"},
		{"a zone", "10.0.0.1:80", xff, headers{"fe80::1%\"}evil"}, "10.0.0.1"},
		{"too long", "10.0.0.1:80", xff, headers{strings.Repeat("1", 1<<20)}, "10.0.0.1"},
		{"another header", "10.0.0.1:80", fwd, nil, "10.0.0.1"},
		{"RFC 7239", "10.0.0.1:80", fwd, headers{`for=192.0.2.43, For="[2001:db8:cafe::17]:4711";proto=http;by=10.0.0.1`}, "2001:db8:cafe::17"},
		{"RFC 7239, two proxies", "10.0.0.1:80", fwd, headers{`by=x;for=192.0.2.43`, `for=10.0.0.2;host="a,b;for=6.6.6.6"`}, "192.0.2.43"},
		{"RFC 7239, hidden", "10.0.0.1:80", fwd, headers{`for=192.0.2.43, for=_hidden, for=10.0.0.2`}, "10.0.0.2"},
		{"RFC 7239, unknown", "10.0.0.1:80", fwd, headers{`for=192.0.2.43, for=unknown`}, "10.0.0.1"},
		{"RFC 7239, an open quote", "10.0.0.1:80", fwd, headers{`for="1.1.1.1, for=203.0.113.7`}, "203.0.113.7"},
		{"RFC 7239, escaped quotes", "10.0.0.1:80", fwd, headers{`for=203.0.113.7;host="a\",for=6.6.6.6;x=\"b"`}, "203.0.113.7"},
		{"RFC 7239, an escaped escape", "10.0.0.1:80", fwd, headers{`for=6.6.6.6;host="a\\", for=203.0.113.7`}, "203.0.113.7"},
		{"a peer with a zone", "[fd00::1%eth0]:80", xff, headers{"203.0.113.7"}, "203.0.113.7"},
		{"RFC 7239, none", "10.0.0.1:80", fwd, headers{`proto=https`}, "10.0.0.1"},
		{"a header of one address", "10.0.0.1:80", "X-Real-Ip", headers{"203.0.113.7"}, "203.0.113.7"},
		{"no address", "pipe", xff, headers{"203.0.113.7"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := proxied(c.header)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			r.Header[m.ForwardedHeader] = c.values
			if c.header == fwd {
				r.Header[xff] = headers{"6.6.6.6"} // nobody asked
			}
			if got := m.client(r); got != c.want {
				t.Errorf("client %q, not %q", got, c.want)
			}
		})
	}
}

func proxied(header string) *middleware {
	return &middleware{Options: (&Options{
		ForwardedHeader: header,
		TrustedProxies:  []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
	}).withDefaults()}
}

func TestForwardedIsNotReadUnlessProxiesAreTrusted(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "10.0.0.1:80"
	r.Header.Set("X-Forwarded-For", "203.0.113.7")
	m := &middleware{Options: (*Options)(nil).withDefaults()}
	if got := m.client(r); got != "10.0.0.1" {
		t.Errorf("client %q", got)
	}
}

func TestProxyBehindAUnixSocketIsTrusted(t *testing.T) {
	ctx := context.WithValue(t.Context(), http.LocalAddrContextKey, net.Addr(&net.UnixAddr{Name: "/run/app", Net: "unix"}))
	r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
	r.RemoteAddr = "@"
	if got := proxied("").client(r); got != "" {
		t.Errorf("client %q", got)
	}
	r.Header.Set("X-Forwarded-For", "203.0.113.7")
	if got := proxied("").client(r); got != "203.0.113.7" {
		t.Errorf("client %q", got)
	}
}

func TestSecretsAreKnownByName(t *testing.T) {
	for _, name := range []string{
		"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Auth-Token", "token", "access_token",
		"csrfToken", "password", "user[password]", "client_secret", "key", "api_key", "signature", "sig", "X-Amz-Signature",
		"X-Amz-Security-Token", "X-Amz-Credential", "AWSAccessKeyId", "X-Goog-Signature", "code", "PHPSESSID", "JSESSIONID", "SAMLResponse",
		"passcode", "pass[]", "user[pin]", "user[key]", "[key]", "user_pass", "userPass", "db.pass", "otp_code", "OTPCode", "totp", "sms-otp", "_csrf",
		"X-Xsrf", "hmac", "id_jwt", "new_pwd", "sessionid", "X-Functions-Key", "Ocp-Apim-Subscription-Key", "verification_code", "authCode", "code_verifier",
		strings.Repeat("x", 300),
	} {
		if !IsSecret(name) {
			t.Errorf("%s is no secret", name)
		}
	}
	for _, name := range []string{
		"", "page", "q", "keyword", "monkey", "author", "zipcode", "X-Amz-Date", "design", "spin", "Content-Type",
		"bypass", "compass", "passenger", "bypassCache", "statusCode", "country_code", "sort_key", "AccountSid", "encoder", "author[name]", "Sec-Websocket-Key", "[]", "_",
	} {
		if IsSecret(name) {
			t.Errorf("%s is a secret", name)
		}
	}
}

func TestQuerySecretsAreRedacted(t *testing.T) {
	m := &middleware{Options: (*Options)(nil).withDefaults()}
	for query, want := range map[string]string{
		"":                                "",
		"q=a%20b&page=2":                  "q=a%20b&page=2",
		"token=abc":                       "token=REDACTED",
		"a=1&token=abc&b=2":               "a=1&token=REDACTED&b=2",
		"a=1;token=abc;b=2":               "a=1;token=REDACTED;b=2",
		"TOKEN=a=b&token=c":               "TOKEN=REDACTED&token=REDACTED",
		"%74oken=abc":                     "%74oken=REDACTED",
		"token%=abc":                      "token%=REDACTED",
		"user%5Bpassword%5D=x":            "user%5Bpassword%5D=REDACTED",
		"token&key=":                      "token&key=",
		"q7Zt2mP0xK9sLw4Bv1Yd&page=2":     "REDACTED&page=2",
		"a=1&q7Zt2mP0xK9sLw4Bv1Y==":       "a=1&REDACTED",
		"token==":                         "token==",
		"v=q7Zt2mP0xK9sLw4Bv1Yd":          "v=q7Zt2mP0xK9sLw4Bv1Yd",
		"&&=&":                            "&&=&",
		"next=%2Fa%3Ftoken%3Dx":           "next=REDACTED",
		"next=%252Fa%253Ftoken%253Dx":     "next=REDACTED",
		"next=/a?b=%2Fc%3Fsig%3Dx":        "next=REDACTED",
		"next=%2Fa%3Fpage%3D2":            "next=%2Fa%3Fpage%3D2",
		`v={"user":{"password" : "x"}}`:   "v=REDACTED",
		"v=%7B%22token%22%3A%22x%22%7D":   "v=REDACTED",
		`v="{\"token\":\"x\"}"`:           "v=REDACTED",
		`v={"page":"token"}`:              `v={"page":"token"}`,
		"X-Amz-Date=1&X-Amz-Signature=ab": "X-Amz-Date=1&X-Amz-Signature=REDACTED",
	} {
		if got := m.query(query); got != want {
			t.Errorf("%q: %q, not %q", query, got, want)
		}
	}
	for address, want := range map[string]string{
		"":                                  "",
		"https://example.com/a?b=c":         "https://example.com/a?b=c",
		"https://me:p@w@example.com/a":      "https://example.com/a",
		"https://me@example.com":            "https://example.com",
		"https://example.com/@me?token=x#y": "https://example.com/@me?token=REDACTED",
		"https://me:pw@example.com?key=x":   "https://example.com?key=REDACTED",
		"/a#access_token=x":                 "/a",
		"//me:pw@host/a":                    "//host/a",
	} {
		if got := m.address(address, nil); got != want {
			t.Errorf("%q: %q, not %q", address, got, want)
		}
	}
}

func TestTextIsCutBetweenCharacters(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", textLimit), strings.Repeat("ä", textLimit), strings.Repeat("\x80", 2*textLimit), "x" + strings.Repeat("🙂", textLimit)} {
		got := cut(text)
		if len(got) > textLimit || len(got) < textLimit-8 || strings.HasPrefix(text, "x") && strings.Contains(got, "\ufffd") {
			t.Errorf("%d bytes: %q", len(got), got[len(got)-10:])
		}
	}
}
