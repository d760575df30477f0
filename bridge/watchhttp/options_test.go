package watchhttp_test

import (
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

func TestRouteIsThePatternOrWhatIsTold(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET example.com/users/{id}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/files/", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/told/", func(_ http.ResponseWriter, r *http.Request) { watchhttp.SetRoute(r.Context(), "/told/{name}") })
	named := &watchhttp.Options{Route: func(r *http.Request) string { return strings.TrimPrefix(r.Pattern, "/files") }}
	for _, c := range []struct {
		target string
		opts   *watchhttp.Options
		want   any
	}{
		{"http://example.com/users/7", nil, "example.com/users/{id}"},
		{"/files/a", nil, "/files/"},
		{"/files/a", named, "/"},
		{"/told/a", nil, "/told/{name}"},
		{"/nowhere", nil, nil},
	} {
		if _, got := ask(t, c.opts, mux, request(c.target)); got["route"] != c.want {
			t.Errorf("%s: route %v, not %v", c.target, got["route"], c.want)
		}
	}
}

func TestSecretInThePathIsRedacted(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/reset/{token}/mail", func(http.ResponseWriter, *http.Request) {})
	_, got := ask(t, nil, mux, request("/reset/s3cr3t/mail"))
	want := record{"path": "/reset/REDACTED/mail", "route": "/reset/{token}/mail"}
	if diff := cmp.Diff(want, got.only("path", "route")); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestRouteOfANotFoundMayBeNamed(t *testing.T) {
	opts := &watchhttp.Options{Route: func(r *http.Request) string {
		if strings.HasPrefix(r.URL.Path, "/reset/") {
			return "/reset/{token...}"
		}
		return ""
	}}
	for target, want := range map[string]string{"/reset/abc/": "/reset/REDACTED", "/abc": "/abc"} {
		if _, got := ask(t, opts, http.NewServeMux(), request(target)); got["path"] != want || got["status"] != 404.0 {
			t.Errorf("%s: %v", target, got)
		}
	}
}

func TestSkippedRequestsAreLeftAlone(t *testing.T) {
	l := newLog()
	w := httptest.NewRecorder()
	h := func(inner http.ResponseWriter, r *http.Request) {
		if inner != http.ResponseWriter(w) || watchhttp.RequestID(r.Context()) != "" {
			t.Error("the request is not as it came")
		}
	}
	opts := &watchhttp.Options{Skip: func(r *http.Request) bool { return r.URL.Path == "/healthz" }}
	watchhttp.Middleware(l.logger(), opts)(http.HandlerFunc(h)).ServeHTTP(w, request("/healthz"))
	l.none(t)
	if len(w.Header()) != 0 {
		t.Errorf("headers %v", w.Header())
	}
}

func TestLevelIsTheUsersToDecide(t *testing.T) {
	opts := &watchhttp.Options{Level: func(r *http.Request, o watchhttp.Outcome) slog.Level {
		if o.Status == http.StatusNotFound && o.BytesOut > 0 && o.Duration > 0 && r.URL.Path == "/quiet" {
			return slog.LevelDebug
		}
		return watchhttp.LevelByStatus(r, o)
	}}
	for path, want := range map[string]string{"/quiet": "DEBUG", "/loud": "WARN"} {
		if _, got := ask(t, opts, http.NotFoundHandler(), request(path)); got["level"] != want {
			t.Errorf("%s: level %v, not %s", path, got["level"], want)
		}
	}
}

func TestLevelThatIsNotEnabledIsNotLogged(t *testing.T) {
	l := newLog()
	logs := watchhttp.Middleware(slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelWarn})), nil)
	logs(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(httptest.NewRecorder(), request("/"))
	l.none(t)
	logs(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), request("/"))
	if got := l.next(t); got["status"] != 404.0 {
		t.Errorf("record %v", got)
	}
}

func TestHeadersAreLoggedByNameAndSecretsNever(t *testing.T) {
	opts := &watchhttp.Options{
		RequestHeaders:  []string{"accept", "Authorization", "cookie", "X-None", "X-Ssn"},
		ResponseHeaders: []string{"Set-Cookie", "Content-Type"},
		Redact:          func(name string) bool { return watchhttp.IsSecret(name) || strings.EqualFold(name, "x-ssn") },
	}
	h := func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "s3cr3t"})
		w.Header().Set("Content-Type", "text/plain")
	}
	_, got := ask(t, opts, http.HandlerFunc(h),
		request("/", "Accept", "a", "Accept", "b", "Authorization", "Bearer s3cr3t", "Cookie", "sid=s3cr3t", "X-Ssn", "s3cr3t"))
	want := record{
		"request":  map[string]any{"Accept": "a, b", "Authorization": "REDACTED", "Cookie": "REDACTED", "X-Ssn": "REDACTED"},
		"response": map[string]any{"Set-Cookie": "REDACTED", "Content-Type": "text/plain"},
	}
	if diff := cmp.Diff(want, got.only("request", "response")); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestClientBehindTrustedProxiesIsLogged(t *testing.T) {
	opts := &watchhttp.Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	s, l := serve(t, 1, opts, func(http.ResponseWriter, *http.Request) {})
	do(t, s, http.MethodGet, "/", nil, "X-Forwarded-For", "1.1.1.1, 203.0.113.7")
	if got := l.next(t); got["client"] != "203.0.113.7" {
		t.Errorf("client %v", got["client"])
	}
}

func TestLongTextsAreCut(t *testing.T) {
	path, query, one := strings.Repeat("/x", 9000), strings.Repeat("x=y&", 9000), strings.Repeat("x", 9000)
	_, got := ask(t, nil, http.NotFoundHandler(), request(path+"?"+query, "User-Agent", one, "Referer", path))
	for _, key := range []string{"path", "query", "user_agent", "referer"} {
		if text, _ := got[key].(string); len(text) != 2048 || !strings.HasSuffix(text, "…") {
			t.Errorf("%s has %d bytes", key, len(text))
		}
	}
	// Of a piece that is longer than what is looked at, it is not known what it is.
	_, got = ask(t, nil, http.NotFoundHandler(), request("/a/"+one+"?q="+one, "Referer", "http://u:"+one+"@x/"))
	want := record{"path": "/a/…", "query": "q=…", "referer": "http://…"}
	if diff := cmp.Diff(want, got.only("path", "query", "referer")); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestHandlersMayChangeTheRequest(t *testing.T) {
	h := func(_ http.ResponseWriter, r *http.Request) {
		r.URL.Path, r.URL.RawQuery, r.Method = "/changed", "", "PUT"
	}
	_, got := ask(t, nil, http.HandlerFunc(h), request("/as/sent?a=1"))
	want := record{"method": "GET", "path": "/as/sent", "query": "a=1"}
	if diff := cmp.Diff(want, got.only("method", "path", "query")); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

// The server removes the files of a form that it finds in its own request.
func TestServerFindsWhatHandlersLeaveInTheRequest(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/upload", func(_ http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(0); err != nil {
			t.Error(err)
		}
	})
	r := httptest.NewRequest(http.MethodPost, "/upload", strings.NewReader("--x\r\n"+
		"Content-Disposition: form-data; name=f; filename=f\r\n\r\ntext\r\n--x--\r\n"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	ask(t, nil, mux, r)
	if r.Pattern != "/upload" || r.MultipartForm == nil || len(r.MultipartForm.File["f"]) != 1 {
		t.Fatalf("pattern %q, form %v", r.Pattern, r.MultipartForm)
	}
	if err := r.MultipartForm.RemoveAll(); err != nil {
		t.Error(err)
	}
}

func TestTimeOutIsTold(t *testing.T) {
	l := newLog()
	slow := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	h := http.TimeoutHandler(watchhttp.Middleware(l.logger(), nil)(slow), 1, "too late")
	answer, body := do(t, start(t, 1, h), http.MethodGet, "/", nil)
	if got := l.next(t); answer.StatusCode != 503 || body != "too late" || got["canceled"] != "context deadline exceeded" {
		t.Errorf("status %d, record %v", answer.StatusCode, got)
	}
}

// A handler that ends its goroutine ends the connection: nobody has an answer.
func TestHandlerThatEndsItsGoroutineIsLogged(t *testing.T) {
	s, l := serve(t, 1, nil, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		runtime.Goexit()
	})
	do(t, s, http.MethodGet, "/", nil)
	if got := l.next(t); got["aborted"] != true || got["level"] != "WARN" {
		t.Errorf("record %v", got)
	}
}

func TestNilLoggerIsTheDefault(t *testing.T) {
	l := newLog()
	before, out, flags := slog.Default(), log.Writer(), log.Flags()
	t.Cleanup(func() {
		slog.SetDefault(before)
		log.SetOutput(out) // which SetDefault leads to slog
		log.SetFlags(flags)
	})
	logs := watchhttp.Middleware(nil, nil)
	slog.SetDefault(l.logger())
	logs(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), request("/"))
	if got := l.next(t); got["msg"] != "request" {
		t.Errorf("record %v", got)
	}
}

// What the handler panicked with is what those outside have to see.
func TestPanicOfAnOptionDoesNotHideThatOfTheHandler(t *testing.T) {
	opts := &watchhttp.Options{Route: func(*http.Request) string { panic("of the option") }}
	h := watchhttp.Middleware(newLog().logger(), opts)(http.HandlerFunc(deepPanic))
	defer func() {
		if v := recover(); v != "deep" {
			t.Errorf("recovered %v", v)
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), request("/"))
}

func TestPanicThatQuotesTheClientIsCut(t *testing.T) {
	l := newLog()
	func() {
		defer func() { recover() }()
		h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(strings.Repeat("ä", 1<<20)) })
		watchhttp.Middleware(l.logger(), nil)(h).ServeHTTP(httptest.NewRecorder(), request("/"))
	}()
	if text, _ := l.next(t)["panic"].(string); len(text) > 16<<10 || len(text) < 16<<10-8 || !strings.HasSuffix(text, "ä…") {
		t.Errorf("%d bytes", len(text))
	}
}
