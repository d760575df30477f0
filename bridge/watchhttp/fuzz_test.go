package watchhttp

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func FuzzTraceparent(f *testing.F) {
	f.Add("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	f.Add("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")
	f.Fuzz(func(t *testing.T, header string) {
		if id := traceparentID(header); id != "" && (len(id) != 32 || !isHex(id) || isZero(id)) {
			t.Errorf("%q: %q", header, id)
		}
	})
}

func FuzzXRayRoot(f *testing.F) {
	f.Add("Self=1-67891234-12456789abcdef0123456789;Root=1-67891233-abcdef012345678912345678")
	f.Fuzz(func(t *testing.T, header string) {
		if root := xrayRoot(header); root != "" {
			if id := xrayTraceID(root); len(root) != 35 || len(id) != 32 || !isHex(id) || !strings.Contains(header, root) {
				t.Errorf("%q: %q", header, root)
			}
		}
	})
}

func FuzzRequestID(f *testing.F) {
	f.Add("r-17")
	f.Add("a\r\nSet-Cookie: b")
	f.Fuzz(func(t *testing.T, id string) {
		if validRequestID(id) && (len(id) > requestIDLimit || strings.ContainsAny(id, "\x00\r\n\t \"'\\<>{}$`;,%&|")) {
			t.Errorf("%q is valid", id)
		}
	})
}

// Whatever a client sends before it, the address that the trusted proxy appends
// is the client's.
func FuzzForwarded(f *testing.F) {
	f.Add("1.1.1.1", false)
	f.Add(`for="[2001:db8::1]:80";by=x, for=_hidden`, true)
	f.Add(`for="1.1.1.1`, true)
	f.Fuzz(func(t *testing.T, sent string, rfc bool) {
		header, last := "X-Forwarded-For", ", 203.0.113.7"
		if rfc {
			header, last = "Forwarded", `, for="203.0.113.7:80"`
		}
		m := proxied(header)
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = "10.0.0.1:80"
		r.Header[header] = []string{sent + last}
		if got := m.client(r); got != "203.0.113.7" {
			t.Errorf("%q: %q", sent+last, got)
		}
		r.Header[header] = []string{sent}
		if a, err := netip.ParseAddr(m.client(r)); err != nil || a.Zone() != "" {
			t.Errorf("%q: %q, %v", sent, a, err)
		}
	})
}

// A secret stays one whatever stands around it.
func FuzzQuery(f *testing.F) {
	f.Add("a=1", "b=2")
	f.Add("next=%2Fa%3Fb", ";%zz=&")
	f.Fuzz(func(t *testing.T, before, after string) {
		m := &middleware{Options: (*Options)(nil).withDefaults()}
		const secret = "s3cr3t-0f-th1s-t3st"
		if strings.Contains(before+after, secret) {
			return
		}
		if got := m.query(before + "&token=" + secret + "&" + after); strings.Contains(got, secret) {
			t.Errorf("%q", got)
		}
		if got := m.address("https://me:"+secret+"@example.com/"+before+"?"+after+"&key="+secret, nil); strings.Contains(got, secret) {
			t.Errorf("%q", got)
		}
	})
}

func FuzzPath(f *testing.F) {
	f.Add("/reset/{token}", "/reset/abc")
	f.Add("/f/{x...}", "/")
	f.Fuzz(func(t *testing.T, route, path string) {
		m := &middleware{Options: (*Options)(nil).withDefaults()}
		if got, _ := m.path(path, route); len(got) > len(path)+len("/"+redacted)*(1+strings.Count(path, "/")+strings.Count(path, ";")+strings.Count(path, "&")) {
			t.Errorf("%q by %q: %q", path, route, got)
		}
		const secret = "/s3cr3t-0f-th1s-t3st"
		if got, _ := m.path(path+"/dir"+secret+"/"+path, "/dir/{token}/"); strings.Contains(got, secret) && !strings.Contains(path, secret) {
			t.Errorf("%q shows the token: %q", path, got)
		}
	})
}

// Whatever stands around them in a header, secrets are not logged.
func FuzzHeader(f *testing.F) {
	f.Add("X-Original-Url", "a", "b=c")
	f.Add("Link", "a>; rel=next, <b", "page=2")
	f.Add("Link", "<a", ">")
	f.Add("Location", "/", "<")
	f.Fuzz(func(t *testing.T, name, before, after string) {
		m := &middleware{Options: (*Options)(nil).withDefaults()}
		const secret = "s3cr3t-0f-th1s-t3st"
		if strings.Contains(before+after, secret) {
			return
		}
		for _, value := range []string{
			before + "//me:" + secret + "@host/" + after,
			before + "//host/dir/" + secret + "/" + after,
			before + "?" + after + "&token=" + secret,
		} {
			if got := m.header(name, value, []string{secret}); strings.Contains(got, secret) {
				t.Errorf("%s: %q: %q", name, value, got)
			}
		}
		if got := m.header(name, before+"?"+after+"&token="+secret, nil); strings.Contains(got, secret) {
			t.Errorf("%s: %q", name, got)
		}
		if got := m.header(name, before+"//me:"+secret+"@host/"+after, nil); strings.Contains(got, secret) {
			t.Errorf("%s: %q", name, got)
		}
	})
}

func FuzzIsSecret(f *testing.F) {
	f.Add("user[", "]")
	f.Add("X-", "OTPCode")
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, name := range []string{before + "-password-" + after, before + "[key]" + after, before + "_otp_" + after, before + "[pin"} {
			if !IsSecret(name) {
				t.Errorf("%q is no secret", name)
			}
		}
	})
}
