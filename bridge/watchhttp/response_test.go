package watchhttp_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

// A broken is a source that fails after a text.
type broken struct{ io.Reader }

func breaks(after string) io.Reader { return broken{strings.NewReader(after)} }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errors.New("the source is gone")
	}
	return n, err
}

// Over plain HTTP/1.1 io.Copy is ReadFrom, which sends nothing of an empty source.
func TestStatusAfterACopyIsWhatWasSent(t *testing.T) {
	for _, c := range []struct {
		name, before string
		status       int
		bytes        float64
	}{
		{"nothing was sent", "", 502, 4},
		{"it had begun", "half", 200, 8},
	} {
		over(t, func(t *testing.T, proto int) {
			s, l := serve(t, proto, nil, func(w http.ResponseWriter, _ *http.Request) {
				if _, err := io.Copy(w, breaks(c.before)); err != nil {
					http.Error(w, "bad", http.StatusBadGateway)
				}
			})
			answer, _ := do(t, s, http.MethodGet, "/", nil)
			got := l.next(t)
			if answer.StatusCode != c.status || got["status"] != float64(c.status) || got["bytes_out"] != c.bytes {
				t.Errorf("%s: sent %d, logged %v with %v bytes", c.name, answer.StatusCode, got["status"], got["bytes_out"])
			}
		})
	}
}

// A narrow is middleware's writer that shows nothing but where the server's is.
type narrow struct{ inner http.ResponseWriter }

func (n narrow) Header() http.Header         { return n.inner.Header() }
func (n narrow) Write(p []byte) (int, error) { return n.inner.Write(p) }
func (n narrow) WriteHeader(status int)      { n.inner.WriteHeader(status) }
func (n narrow) Unwrap() http.ResponseWriter { return n.inner }

func TestControllerIsSeenThroughWritersOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*http.ResponseController) error
		want record
	}{
		"hijack": {func(c *http.ResponseController) error {
			conn, _, err := c.Hijack()
			if err != nil {
				return err
			}
			return conn.Close()
		}, record{"status": 101.0, "hijacked": true}},
		"flush": {func(c *http.ResponseController) error { return c.Flush() }, record{"status": 200.0, "aborted": true}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog()
			inside := watchhttp.Middleware(l.logger(), nil)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if err := c.do(http.NewResponseController(w)); err != nil {
					t.Error(err)
				}
				if name == "flush" {
					panic(http.ErrAbortHandler) // no status but that of the flush
				}
			}))
			s := start(t, 1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inside.ServeHTTP(narrow{w}, r) }))
			do(t, s, http.MethodGet, "/", nil)
			if diff := cmp.Diff(c.want, l.next(t).only("status", "hijacked", "aborted")); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailedFlushAndHijackLeaveTheStatusOpen(t *testing.T) {
	l := newLog()
	inside := watchhttp.Middleware(l.logger(), nil)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c := http.NewResponseController(w)
		if _, _, err := c.Hijack(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("hijack: %v", err)
		}
		if err := c.Flush(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("flush: %v", err)
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	inside.ServeHTTP(narrow{narrow{struct{ http.ResponseWriter }{&answer{http.Header{}}}}}, request("/"))
	if got := l.next(t); got["status"] != 418.0 || got["hijacked"] != nil {
		t.Errorf("record %v", got)
	}
}

// The server sets trailers that were not announced in the request that it made.
func TestTrailersReachTheHandler(t *testing.T) {
	for _, announced := range []string{"", "Trailer: X-Sum\r\n"} {
		var sum string
		s, l := serve(t, 1, nil, func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			sum = r.Trailer.Get("X-Sum")
		})
		conn := dial(t, s.Listener.Addr().String())
		io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"+announced+"\r\n1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n")
		if l.next(t); sum != "7" {
			t.Errorf("with %q the trailer is %q", announced, sum)
		}
	}
}

// A proxy's answer has the header of the service behind, which has ids of its own.
func TestAnswerOfAProxyHasOneRequestID(t *testing.T) {
	behind := start(t, 1, watchhttp.Middleware(newLog().logger(), nil)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			io.WriteString(w, "text")
		}
	})))
	to, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	s, l := serve(t, 1, nil, httputil.NewSingleHostReverseProxy(to).ServeHTTP)
	for _, path := range []string{"/", "/body"} {
		answer, _ := do(t, s, http.MethodGet, path, nil)
		if got := answer.Header["X-Request-Id"]; len(got) != 1 || got[0] != l.next(t)["request_id"] {
			t.Errorf("%s: the answer has the ids %q", path, got)
		}
	}
}
