package cwlocal_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// TestWhoGetsIn sends DescribeLogGroups in ways that programs and web pages do.
func TestWhoGetsIn(t *testing.T) {
	const answer = `{"logGroups":[]}`
	for _, tt := range []struct {
		name string
		edit func(*http.Request)
		want string
	}{
		{"a program", func(*http.Request) {}, answer},
		{"with a charset", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-amz-json-1.1; charset=utf-8") }, answer},
		{"under any host name", func(r *http.Request) { r.Host = "stream-logs.example.com:4600" }, answer},
		{"with an absolute URI", func(r *http.Request) { r.URL.Scheme, r.URL.Host = "http", "logs.us-east-1.amazonaws.com" }, answer},
		{"without a body", func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 }, answer},
		{"our own page", func(r *http.Request) { r.Host = "localhost:4600"; r.Header.Set("Origin", "http://localhost:4600") }, answer},
		{"our own page by address", func(r *http.Request) { r.Host = "[::1]:4600"; r.Header.Set("Origin", "http://[::1]:4600") }, answer},
		{"our own page under a configured name", func(r *http.Request) { r.Host = "logs.test"; r.Header.Set("Origin", "http://logs.test") }, answer},
		{
			"a page of another origin", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
			"403 AccessDeniedException: requests from web pages of another origin are not served",
		},
		{
			"a page of another port", func(r *http.Request) { r.Host = "localhost:4600"; r.Header.Set("Origin", "http://localhost:3000") },
			"403 AccessDeniedException: requests from web pages of another origin are not served",
		},
		{
			"a page whose name was pointed here", func(r *http.Request) { r.Host = "evil.example"; r.Header.Set("Origin", "http://evil.example") },
			"403 AccessDeniedException: requests from web pages of another origin are not served",
		},
		{
			"a page without an origin", func(r *http.Request) { r.Header.Set("Origin", "null") },
			"403 AccessDeniedException: requests from web pages of another origin are not served",
		},
		{
			"a form", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
			`415 UnsupportedMediaTypeException: Content-Type must be application/x-amz-json-1.1, not "text/plain"`,
		},
		{
			"no content type", func(r *http.Request) { r.Header.Del("Content-Type") },
			`415 UnsupportedMediaTypeException: Content-Type must be application/x-amz-json-1.1, not ""`,
		},
		{"no target", func(r *http.Request) { r.Header.Del("X-Amz-Target") }, "UnknownOperationException: the request has no X-Amz-Target header"},
		{
			"a target of another service", func(r *http.Request) { r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables") },
			`UnknownOperationException: the service has no operation "DynamoDB_20120810.ListTables"`,
		},
		{
			"an endpoint with a path", func(r *http.Request) { r.URL.Path = "/foo" },
			`404 UnknownOperationException: the API is POST /, and this request's path is "/foo": leave the path out of the endpoint URL`,
		},
		{"GET", func(r *http.Request) { r.Method = http.MethodGet }, "405 UnknownOperationException: the API wants method POST, not GET"},
		{
			"an unknown encoding", func(r *http.Request) { r.Header.Set("Content-Encoding", "br") },
			`415 UnsupportedMediaTypeException: Content-Encoding "br" is not supported: use gzip or none`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := cwlocal.New(&cwlocal.Config{Hosts: []string{"logs.test"}})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			l := &lab{t, s}
			r := request("DescribeLogGroups", `{}`)
			tt.edit(r)
			if got := outcome(l.send(r)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestOtherPathsWantATrustedHost(t *testing.T) {
	l := newLab(t)
	for _, tt := range []struct {
		host, path string
		want       int
	}{
		{"127.0.0.1:4600", "/", 404},
		{"localhost", "/faults", 404},
		{"LOCALHOST:1", "/", 404},
		{"[::1]:4600", "/", 404},
		{"evil.example", "/", 403},
		{"127.0.0.1.evil.example", "/faults", 403},
		{"", "/", 403},
		{"evil.example", "/healthz", 200},
		{"10.1.2.3:4600", "/healthz", 200},
	} {
		r := httptest.NewRequest(http.MethodGet, tt.path, nil)
		r.Host = tt.host
		if got := l.send(r); got.Code != tt.want {
			t.Errorf("GET %s of %q: %d, want %d", tt.path, tt.host, got.Code, tt.want)
		}
	}
	if got := l.send(httptest.NewRequest(http.MethodGet, "/healthz", nil)).Body.String(); !strings.Contains(got, `"status":"ok"`) {
		t.Errorf("health is %s", got)
	}
	if got := l.send(httptest.NewRequest(http.MethodDelete, "/healthz", nil)).Code; got != http.StatusMethodNotAllowed {
		t.Errorf("DELETE /healthz: %d", got)
	}
}

func TestConfigErrorsNameTheField(t *testing.T) {
	for _, tt := range []struct {
		cfg  cwlocal.Config
		want string
	}{
		{cwlocal.Config{AccountID: "12"}, `cwlocal: AccountID "12": want 12 digits`},
		{cwlocal.Config{Region: "Mars 1"}, `cwlocal: Region "Mars 1": want a name such as eu-west-1`},
		{cwlocal.Config{Hosts: []string{"http://x"}}, `cwlocal: Hosts "http://x": want a host name without scheme and path`},
		{cwlocal.Config{MaxConns: -1}, `cwlocal: MaxConns -1: want a positive number`},
		{cwlocal.Config{ExpireEvery: -time.Second}, `cwlocal: ExpireEvery -1: want a positive number of seconds`},
	} {
		if _, err := cwlocal.New(&tt.cfg); err == nil || err.Error() != tt.want {
			t.Errorf("%+v: got %v, want %s", tt.cfg, err, tt.want)
		}
	}
}
