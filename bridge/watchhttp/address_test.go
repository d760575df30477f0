package watchhttp

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAddressesInHeadersAreRedacted(t *testing.T) {
	m := &middleware{Options: (*Options)(nil).withDefaults()}
	for _, c := range []struct{ name, value, want string }{
		{"Referer", "http://u:pw@x/?token=SECRET", "http://x/?token=REDACTED"},
		{"Location", "https://app/cb?access_token=SECRET&code=abc#id_token=FRAG", "https://app/cb?access_token=REDACTED&code=REDACTED"},
		{"Location", "/cb#id_token=FRAG", "/cb"},
		{"Location", "/dir/s3cr3t/", "/dir/REDACTED/"},
		{"Location", "/dir/%733cr3t/a", "/dir/REDACTED/a"},
		{"Location", "/login?next=%2Fdir%2Fs3cr3t%2F", "/login?REDACTED"},
		{"Location", "/login?next=https%3A%2F%2Fu%3Apw%40x%2F", "/login?next=REDACTED"},
		{"Location", "/a?page=2", "/a?page=2"},
		{"Content-Location", "//u:pw@x/a#b", "//x/a"},
		{"X-Original-Url", "/a?sig=x y", "/a?sig=REDACTED"},
		{"Refresh", "0; url=/dir/s3cr3t/#x", "0; url=/dir/REDACTED/"},
		{"Link", `<https://u:pw@x/a?key=b>; rel="next", </dir/s3cr3t#c>; rel="up"`, `<https://x/a?key=REDACTED>; rel="next", </dir/REDACTED>; rel="up"`},
		{"Link", "<https://u:pw@x/a?key=b", "<https://x/a?key=REDACTED"},
		{"Link", "<a?>&token=x, <&key=y", "<a?>&token=REDACTED<&key=REDACTED"},
		{"Location", "///u:pw@x/a;jsessionid=b?c=d", "///x/a;jsessionid=REDACTED?c=d"},
		{"Origin", "https://x", "https://x"},
		{"X-Note", "http://a http://u:pw@b/ why? see http://c?code=d", "http://a http://b/ why? see http://c?code=REDACTED"},
		{"X-Home", "dir/s3cr3t", "dir/REDACTED"},
		{"X-Colour", "#fff", "#fff"},
		{"Etag", `W/"a#b"`, `W/"a#b"`},
	} {
		if got := m.header(c.name, c.value, []string{"s3cr3t"}); got != c.want {
			t.Errorf("%s: %q: %q, not %q", c.name, c.value, got, c.want)
		}
	}
}

func TestSecretOfThePathIsNotLoggedByHeaders(t *testing.T) {
	var out strings.Builder
	mux := http.NewServeMux()
	mux.HandleFunc("/dir/{token}/", http.NotFound)
	h := Middleware(slog.New(slog.NewJSONHandler(&out, nil)), &Options{
		RequestHeaders: []string{"referer", "x-original-url"}, ResponseHeaders: []string{"location"},
	})(mux)
	r := httptest.NewRequest(http.MethodGet, "/dir/s3%63r3t", nil) // the mux sends it to /dir/s3cr3t/
	r.Header.Set("Referer", "http://x/dir/s3cr3t/")
	r.Header.Set("X-Original-Url", "/dir/s3cr3t")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if got := out.String(); strings.Contains(got, "s3") || strings.Count(got, "/dir/REDACTED") != 5 {
		t.Errorf("record %s", got)
	}
}
