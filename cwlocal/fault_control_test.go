package cwlocal_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// newFaultLab is newLab with faults over HTTP.
func newFaultLab(t testing.TB) *lab {
	t.Helper()
	s, err := cwlocal.New(&cwlocal.Config{AllowFaults: true, Hosts: []string{"logs.test"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // in memory
	return &lab{t, s}
}

// faultRequest makes a request for the faults as a program on this machine sends it.
func faultRequest(method, body string) *http.Request {
	r := httptest.NewRequest(method, "http://127.0.0.1:4586/_watchtower/faults", strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("X-Watchtower-Faults", "1")
	r.Header.Set("Content-Type", "application/json")
	return r
}

// faults returns the status and the text of the answer.
func (l *lab) faults(method, body string) (int, string) {
	w := l.send(faultRequest(method, body))
	return w.Code, strings.TrimSuffix(w.Body.String(), "\n")
}

// intruders are the ways in which a request for the faults, or with a clock, is refused.
var intruders = []struct {
	name string
	edit func(*http.Request)
	why  string
}{
	{"another machine", func(r *http.Request) { r.RemoteAddr = "192.0.2.1:40000" }, "only programs on the server's own machine may set faults, over the loopback interface; this request came from 192.0.2.1:40000"},
	{"another machine over IPv6", func(r *http.Request) { r.RemoteAddr = "[2001:db8::1]:1" }, "only programs on the server's own machine may set faults, over the loopback interface; this request came from [2001:db8::1]:1"},
	{"nobody knows", func(r *http.Request) { r.RemoteAddr = "@" }, "only programs on the server's own machine may set faults, over the loopback interface; this request came from @"},
	{"a name that was pointed here", func(r *http.Request) { r.Host = "evil.example" }, "this host name is not one of the local server's: use localhost, or add it to the server's hosts"},
	{"no host", func(r *http.Request) { r.Host = "" }, "this host name is not one of the local server's: use localhost, or add it to the server's hosts"},
	{"a page of another origin", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, "requests from web pages of another origin are not served"},
	{"a page of another port", func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:3000") }, "requests from web pages of another origin are not served"},
	{"no header", func(r *http.Request) { r.Header.Del("X-Watchtower-Faults") }, "the header X-Watchtower-Faults: 1 is missing, which keeps web pages out"},
	{"a header that says something else", func(r *http.Request) { r.Header.Set("X-Watchtower-Faults", "yes") }, "the header X-Watchtower-Faults: 1 is missing, which keeps web pages out"},
}

func TestFaultsOverHTTPAreOffUnlessAllowed(t *testing.T) {
	l := newLab(t)
	for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS"} {
		w := l.send(faultRequest(method, `{"kind":"throttle"}`))
		if got := w.Body.String(); w.Code != 404 || !strings.Contains(got, "--allow-faults") {
			t.Errorf("%s: %d %s", method, w.Code, got)
		}
	}
	if left := l.Faults().List(); len(left) > 0 {
		t.Errorf("got %v", left)
	}
}

func TestIntrudersSetNoFaults(t *testing.T) {
	l := newFaultLab(t)
	for _, tt := range intruders {
		for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS"} {
			r := faultRequest(method, `{"kind":"throttle"}`)
			tt.edit(r)
			w := l.send(r)
			if got := strings.TrimSpace(w.Body.String()); w.Code != 403 || got != tt.why {
				t.Errorf("%s, %s: %d %s", tt.name, method, w.Code, got)
			}
			if w.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s, %s: a browser would let it in", tt.name, method)
			}
		}
	}
	if left := l.Faults().List(); len(left) > 0 {
		t.Errorf("got %v", left)
	}
	for _, edit := range []func(*http.Request){
		func(r *http.Request) { r.Host, r.RemoteAddr = "localhost", "[::1]:1" },
		func(r *http.Request) { r.Host, r.RemoteAddr = "logs.test:4586", "[::ffff:127.0.0.1]:1" },
		func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:4586") },
	} {
		r := faultRequest("POST", `{"kind":"throttle"}`)
		edit(r)
		if w := l.send(r); w.Code != 201 {
			t.Errorf("%s at %s: %d %s", r.RemoteAddr, r.Host, w.Code, w.Body)
		}
	}
}

func TestFaultsAreSetOverHTTP(t *testing.T) {
	l := newFaultLab(t)
	for _, step := range []struct {
		method, body string
		status       int
		want         string
	}{
		{"GET", "", 200, `[]`},
		{"POST", `{"kind":"throttle","operation":"ListLogGroups","times":2,"retryAfter":"1.5s"}`, 201, `[{"kind":"throttle","operation":"ListLogGroups","times":2,"retryAfter":"1.5s"}]`},
		{
			"POST", ` [{"kind":"delay","delay":"1ms"},{"kind":"fail","operation":"DescribeLogGroups","status":503,"probability":1,"seed":18446744073709551615}]`, 201,
			`[{"kind":"throttle","operation":"ListLogGroups","times":2,"retryAfter":"1.5s"},{"kind":"delay","delay":"1ms"},{"kind":"fail","operation":"DescribeLogGroups","probability":1,"seed":18446744073709551615,"status":503}]`,
		},
		{"POST", `[]`, 201, `[{"kind":"throttle","operation":"ListLogGroups","times":2,"retryAfter":"1.5s"},{"kind":"delay","delay":"1ms"},{"kind":"fail","operation":"DescribeLogGroups","probability":1,"seed":18446744073709551615,"status":503}]`},
		{"POST", `[{"kind":"throttle"},{"kind":"poison"}]`, 400, `fault 2: text is missing: want what a refused event contains`},
		{"PUT", `{}`, 405, "method not allowed: GET lists the faults, POST adds, DELETE clears"},
	} {
		if status, got := l.faults(step.method, step.body); status != step.status || got != step.want {
			t.Errorf("%s %s:\ngot  %d %s\nwant %d %s", step.method, step.body, status, got, step.status, step.want)
		}
	}
	if got := l.call("ListLogGroups", `{}`); got != "ThrottlingException: Rate exceeded" {
		t.Errorf("got %s", got)
	}
	if got := l.call("DescribeLogGroups", `{}`); !strings.HasPrefix(got, "503 ServiceUnavailableException") {
		t.Errorf("got %s", got)
	}
	if _, got := l.faults("GET", ""); !strings.Contains(got, `"operation":"ListLogGroups","times":1`) {
		t.Errorf("one was used: %s", got)
	}
	if status, got := l.faults("DELETE", ""); status != 204 || got != "" {
		t.Errorf("DELETE: %d %s", status, got)
	}
	if _, got := l.faults("GET", ""); got != "[]" {
		t.Errorf("after DELETE: %s", got)
	}
	l.must("ListLogGroups", `{}`)
}

func TestFaultsOverHTTPAreBounded(t *testing.T) {
	l := newFaultLab(t)
	many := "[" + strings.Repeat(`{"kind":"throttle"},`, 999) + `{"kind":"throttle"}]`
	if status, _ := l.faults("POST", many); status != 201 {
		t.Errorf("a thousand: %d", status)
	}
	if status, got := l.faults("POST", `{"kind":"throttle"}`); status != 409 || got != "there would be more than 1000 faults: DELETE clears them" {
		t.Errorf("one more: %d %s", status, got)
	}
	r := faultRequest("POST", "")
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat(" ", 2<<20))), -1
	if w := l.send(r); w.Code != 400 || !strings.Contains(w.Body.String(), "too large") {
		t.Errorf("2 MiB: %d %s", w.Code, w.Body)
	}
	r = faultRequest("POST", `{"kind":"throttle"}`)
	r.Header.Set("Content-Type", "text/plain")
	if w := l.send(r); w.Code != 415 || w.Body.String() != "Content-Type must be application/json\n" {
		t.Errorf("text: %d %s", w.Code, w.Body)
	}
}

func TestNowHeaderSetsTheClockOfOneRequest(t *testing.T) {
	l := newFaultLab(t)
	at := func(now string) *http.Request {
		r := request("CreateLogGroup", `{"logGroupName":"g"}`)
		r.Host, r.RemoteAddr = "127.0.0.1:4586", "127.0.0.1:40000"
		r.Header.Set("X-Watchtower-Faults", "1")
		r.Header.Set("X-Watchtower-Now", now)
		return r
	}
	for _, tt := range intruders {
		r := at("2031-02-03T04:05:06Z")
		tt.edit(r)
		if got := outcome(l.send(r)); got != "403 AccessDeniedException: X-Watchtower-Now: "+tt.why {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
	if got := outcome(newLab(t).send(at("2031-02-03T04:05:06Z"))); !strings.HasPrefix(got, "404 AccessDeniedException: X-Watchtower-Now: the server takes no faults over HTTP") {
		t.Errorf("not allowed: %s", got)
	}
	for _, bad := range []string{"yesterday", "1969-12-31T23:59:59Z", "1700000000"} {
		if got := outcome(l.send(at(bad))); !strings.HasPrefix(got, `ValidationException: X-Watchtower-Now "`+bad+`": want a time since 1970 in RFC 3339`) {
			t.Errorf("got %s", got)
		}
	}
	w := l.send(at("2031-02-03T04:05:06.789Z"))
	if got := outcome(w); got != "" || w.Header().Get("Date") != "Mon, 03 Feb 2031 04:05:06 GMT" {
		t.Errorf("got %s, Date: %s", got, w.Header().Get("Date"))
	}
	groups := decoded[struct {
		LogGroups []struct{ CreationTime int64 }
	}](t, l.must("DescribeLogGroups", `{}`))
	if diff := cmp.Diff([]struct{ CreationTime int64 }{{1927857906789}}, groups.LogGroups); diff != "" {
		t.Error(diff)
	}
}
