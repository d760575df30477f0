package watchhttp_test

import (
	"encoding/json"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

// A record is one line of the log, read back. Numbers are float64.
type record map[string]any

// A logged is a log whose records can be waited for: a request is logged when its
// handler has returned, which the client does not see.
type logged struct{ lines chan string }

func newLog() *logged { return &logged{make(chan string, 100)} }

// Write takes one line: slog's handlers write each record at once.
func (l *logged) Write(p []byte) (int, error) {
	l.lines <- string(p)
	return len(p), nil
}

func (l *logged) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// next returns the next record, without its time.
func (l *logged) next(t *testing.T) (r record) {
	t.Helper()
	if err := json.Unmarshal([]byte(<-l.lines), &r); err != nil {
		t.Fatal(err)
	}
	delete(r, "time")
	return r
}

// none fails if there is a record that was not asked for.
func (l *logged) none(t *testing.T) {
	t.Helper()
	select {
	case line := <-l.lines:
		t.Errorf("one record too many: %s", line)
	default:
	}
}

// only returns those of a record's attributes that are asked for.
func (r record) only(keys ...string) record {
	few := record{}
	for _, key := range keys {
		if value, ok := r[key]; ok {
			few[key] = value
		}
	}
	return few
}

// over runs a test over HTTP/1.1 and HTTP/2, on loopback.
func over(t *testing.T, test func(t *testing.T, proto int)) {
	t.Helper()
	for proto, name := range map[int]string{1: "HTTP/1.1", 2: "HTTP/2.0"} {
		t.Run(name, func(t *testing.T) { test(t, proto) })
	}
}

// start starts a server.
func start(t *testing.T, proto int, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // panics are meant here
	if proto == 2 {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// serve starts a server whose handler is logged.
func serve(t *testing.T, proto int, opts *watchhttp.Options, h http.HandlerFunc) (*httptest.Server, *logged) {
	t.Helper()
	l := newLog()
	return start(t, proto, watchhttp.Middleware(l.logger(), opts)(h)), l
}

// do sends a request and returns the answer, its body read. An answer that
// breaks off is fine.
func do(t *testing.T, s *httptest.Server, method, target string, body io.Reader, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+target, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	answer, err := s.Client().Do(r)
	if err != nil {
		return nil, ""
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer, string(text)
}

// ask handles a request without a socket and returns the answer and the record.
func ask(t *testing.T, opts *watchhttp.Options, h http.Handler, r *http.Request) (*http.Response, record) {
	t.Helper()
	l, w := newLog(), httptest.NewRecorder()
	watchhttp.Middleware(l.logger(), opts)(h).ServeHTTP(w, r)
	return w.Result(), l.next(t)
}
