package watchhttp

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestSecretWildcardsOfRoutesAreRedacted(t *testing.T) {
	m := &middleware{Options: (*Options)(nil).withDefaults()}
	for _, c := range []struct{ route, path, want string }{
		{"/users/{id}", "/users/7", "/users/7"},
		{"/reset/{token}", "/reset/%61bc", "/reset/REDACTED"},
		{"/reset/{token}/done", "/reset/abc/done", "/reset/REDACTED/done"},
		{"example.com/reset/{token}", "/reset/abc", "/reset/REDACTED"},
		{"/f/{secret...}", "/f/a/b/c", "/f/REDACTED"},
		{"/f/{token}/", "/f/a/b/c", "/f/REDACTED/b/c"},
		{"/f/{token}/{$}", "/f/a/", "/f/REDACTED/"},
		{"/reset/{token:[a-z]{2}}", "/reset/ab", "/reset/REDACTED"},
		{"/reset/{id}-{token}", "/reset/7-ab", "/reset/REDACTED"},
		{"/reset/:token", "/reset/abc", "/reset/REDACTED"},
		{"/f/*secret", "/f/a/b", "/f/REDACTED"},
		{"/f/*", "/f/a/b", "/f/a/b"},
		{"/reset/{token}", "/api/v1/reset/abc", "/api/v1/reset/REDACTED"},
		{"/{$}", "/", "/"},
		{"", "/reset/abc", "/reset/abc"},
		{"/a/{token}/b/c", "/a", "/REDACTED"},
		{"reset {token}", "/reset/abc", "/REDACTED"},
		{"/f/{token}/", "//f/abc/b", "/f/REDACTED/b"},
		{"/f/{token}", "/f/x/../abc/.", "/f/REDACTED"},
		{"/f/{token}/", "/api/f/abc/b", "/api/f/REDACTED/b"},
		{"/f/{token}/", "/f/f/abc/b", "/f/REDACTED/b"},
		{"/f/*secret", "/api/f/abc/b", "/api/f/REDACTED"},
		{"/f/{secret:.*}", "/f/a/b/c", "/f/REDACTED"},
		{"/{secret:.*}", "/a/b/c", "/REDACTED"},
		{"/F%2F/{token}/x", "/f%2f/abc/x", "/f%2f/REDACTED/x"},
		{"/a/{id}/b/{token}", "/a/token/b/c", "/a/token/b/REDACTED"},
		{"/{", "/a", "/a"},
	} {
		if got, _ := m.path(c.path, c.route); got != c.want {
			t.Errorf("%s by %s: %q, not %q", c.path, c.route, got, c.want)
		}
	}
}

// What no route says anything of: all of a path, what is behind a subtree's or a
// prefix's pattern, and the paths of other pages.
func TestSegmentsWithoutARouteAreJudgedByThemselves(t *testing.T) {
	const random, jwt, uuid = "q7Zt2mP0xK9sLw4Bv1Yd", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0", "550e8400-e29b-41d4-a716-446655440000"
	m := &middleware{Options: (*Options)(nil).withDefaults()}
	for _, c := range []struct{ route, path, want string }{
		{"", "/reset/" + random, "/reset/REDACTED"},
		{"", "/reset/%71" + random[1:] + "/", "/reset/REDACTED/"},
		{"", "/reset/" + jwt, "/reset/REDACTED"},
		{"", "/da39a3ee5e6b4b0d3255bfef95601890afd80709/a", "/REDACTED/a"},
		{"", "/token/s3cr3t", "/token/REDACTED"},
		{"", "/password/reset/4711", "/password/reset/REDACTED"},
		{"", "/auth/login/new-user", "/auth/login/new-user"},
		{"", "/orders/" + uuid, "/orders/" + uuid},
		{"", "/10-ways-to-write-go-in-2026", "/10-ways-to-write-go-in-2026"},
		{"", "/static/app.3f2a9c1b.js", "/static/app.3f2a9c1b.js"},
		{"", "/DSC_20260301_IMG4821.jpg", "/DSC_20260301_IMG4821.jpg"},
		{"", "/internationalizationAndLocalization", "/internationalizationAndLocalization"},
		{"", "/1234567890123456789", "/1234567890123456789"},
		{"", "/a;jsessionid=s3cr3t/b;page=1", "/a;jsessionid=REDACTED/b;page=1"},
		{"", "/http:/u:pw@x/a", "/http:/REDACTED/a"},
		{"", "/@ada/posts", "/@ada/posts"},
		{"/reset/", "/reset/" + random, "/reset/REDACTED"},
		{"/reset/*", "/reset/" + random, "/reset/REDACTED"},
		{"/reset/{id}", "/reset/" + random, "/reset/" + random},
		{"/f/{path...}", "/f/a/" + random, "/f/a/" + random},
		{"/b/{id}", "/" + random + "/b/" + random, "/REDACTED/b/" + random},
		{"/b/{token}", "/" + random + "/b/c", "/REDACTED/b/REDACTED"},
		{"/", "/a/b", "/a/b"},
		{"", "", ""},
		{"", "*", "*"},
	} {
		if got, _ := m.path(c.path, c.route); got != c.want {
			t.Errorf("%s by %q: %q, not %q", c.path, c.route, got, c.want)
		}
	}
	for address, want := range map[string]string{
		"https://x/reset/" + random + "?a=b":               "https://x/reset/REDACTED?a=b",
		"https://" + strings.ToLower(random) + ".on.aws/a": "https://q7zt2mp0xk9slw4bv1yd.on.aws/a",
		"https://token.x/a/7":                              "https://token.x/a/7",
		"//x/token/s3cr3t":                                 "//x/token/REDACTED",
		"https://x/@ada":                                   "https://x/@ada",
	} {
		if got := m.address(address, nil); got != want {
			t.Errorf("%s: %q, not %q", address, got, want)
		}
	}
}

// A mux answers 405, and redirects to a cleaner path, without a handler of its own.
func TestSecretInThePathOfWhatTheMuxAnswersIsRedacted(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /reset/{token}", http.NotFound)
	mux.HandleFunc("/dir/{token}/", http.NotFound)
	for _, c := range []struct {
		method, target, path, route string
		status                      int
	}{
		{"POST", "/reset/s3cr3t", "/reset/REDACTED", "/reset/{token}", http.StatusMethodNotAllowed},
		{"GET", "//dir/s3cr3t", "/dir/REDACTED", "/dir/{token}/", http.StatusTemporaryRedirect},
	} {
		var out strings.Builder
		h := Middleware(slog.New(slog.NewTextHandler(&out, nil)), nil)(mux)
		r := httptest.NewRequest(c.method, "/", nil)
		r.URL.Path = c.target
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := out.String(); w.Code != c.status || strings.Contains(got, "s3cr3t") || !strings.Contains(got, "path="+c.path+" ") || !strings.Contains(got, c.route) {
			t.Errorf("status %d, record %s", w.Code, got)
		}
	}
}

// What a client sends at most is a megabyte, and all of it may look like secrets.
func TestHostilePathsAreNotWorthTheLook(t *testing.T) {
	m := &middleware{Options: (*Options)(nil).withDefaults()}
	for _, route := range []string{"", "/", "/{token}/", "/{secret...}", "/a/{token}"} {
		shown, secrets := m.path("/token"+strings.Repeat("/7/8/a1B2c3D4e5F6g7H8i9", 40_000), route)
		if len(shown) > judgedLimit+8 || len(secrets) > maxSecrets {
			t.Errorf("%q: %d bytes are shown, and %d secrets looked for", route, len(shown), len(secrets))
		}
	}
	_, many := m.path("/token"+strings.Repeat("/7", 10)+"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18", "")
	if got := m.address("https://x/a/b?c=d", many); got != "https://REDACTED/REDACTED/REDACTED?REDACTED" {
		t.Errorf("with too many secrets to look for %q is shown", got)
	}
	if got := m.header("X-Note", "text", many); got != "REDACTED" {
		t.Errorf("with too many secrets to look for %q is shown", got)
	}
}
