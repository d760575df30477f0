package watchhttp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

func TestRecordSaysAllThatIsKnown(t *testing.T) {
	over(t, func(t *testing.T, proto int) {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /users/{id}", func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			watchhttp.Add(r.Context(), slog.String("user", r.PathValue("id")))
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, "made")
		})
		s, l := serve(t, proto, nil, mux.ServeHTTP)
		answer, _ := do(
			t, s, http.MethodPost, "/users/a%2Fb?page=2&token=abc", strings.NewReader("0123456789"),
			"User-Agent", "tests/1", "Referer", "https://me:pw@example.com/x?sig=1#y", "X-Request-Id", "r-17",
			"Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
			"X-Amzn-Trace-Id", "Self=1-67891234-12456789abcdef0123456789;Root=1-67891233-abcdef012345678912345678",
		)
		got := l.next(t)
		remote, _ := got["remote"].(string)
		if host, port, err := net.SplitHostPort(remote); err != nil || host != "127.0.0.1" || port == "" {
			t.Errorf("remote is %q", remote)
		}
		if ms, _ := got["duration_ms"].(float64); ms <= 0 || ms > 60_000 {
			t.Errorf("duration_ms is %v", got["duration_ms"])
		}
		delete(got, "remote")
		delete(got, "duration_ms")
		want := record{
			"level": "INFO", "msg": "request", "method": "POST", "path": "/users/a%2Fb", "route": "/users/{id}",
			"query": "page=2&token=REDACTED", "proto": map[int]string{1: "HTTP/1.1", 2: "HTTP/2.0"}[proto],
			"host": s.Listener.Addr().String(), "status": 201.0, "bytes_in": 10.0, "bytes_out": 4.0, "request_id": "r-17",
			"client": "127.0.0.1", "user_agent": "tests/1", "referer": "https://example.com/x?sig=REDACTED",
			"trace_id": "0af7651916cd43dd8448eb211c80319c", "xray_trace_id": "1-67891233-abcdef012345678912345678",
			"user": "a/b",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("record (-want +got):\n%s", diff)
		}
		if id := answer.Header.Get("X-Request-Id"); id != "r-17" {
			t.Errorf("the answer has the id %q", id)
		}
		l.none(t)
	})
}

func TestStatusIsWhatWasSent(t *testing.T) {
	cases := []struct {
		name, method string
		handler      http.HandlerFunc
		want         record
	}{
		{"nothing", "GET", func(http.ResponseWriter, *http.Request) {}, record{"level": "INFO", "status": 200.0, "bytes_out": 0.0}},
		{"body alone", "GET", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) }, record{"level": "INFO", "status": 200.0, "bytes_out": 5.0}},
		{"HEAD", "HEAD", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }, record{"level": "INFO", "status": 200.0, "bytes_out": 0.0}},
		{"no content", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNoContent)
			w.Write([]byte("never"))
		}, record{"level": "INFO", "status": 204.0, "bytes_out": 0.0}},
		{"not modified", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, record{"level": "INFO", "status": 304.0, "bytes_out": 0.0}},
		{"not found", "GET", http.NotFound, record{"level": "WARN", "status": 404.0, "bytes_out": 19.0}},
		{"unavailable", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, record{"level": "ERROR", "status": 503.0, "bytes_out": 0.0}},
		{"the first of two", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			w.WriteHeader(http.StatusInternalServerError)
		}, record{"level": "INFO", "status": 202.0, "bytes_out": 0.0}},
		{"after flush", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			w.WriteHeader(http.StatusTeapot)
		}, record{"level": "INFO", "status": 200.0, "bytes_out": 0.0}},
		{"copied", "GET", func(w http.ResponseWriter, _ *http.Request) {
			io.Copy(w, struct{ io.Reader }{strings.NewReader("12345678")})
		}, record{"level": "INFO", "status": 200.0, "bytes_out": 8.0}},
		{"aborted", "GET", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, record{"level": "WARN", "status": 0.0, "bytes_out": 0.0, "aborted": true}},
		{"aborted in the answer", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("half"))
			panic(http.ErrAbortHandler)
		}, record{"level": "WARN", "status": 200.0, "bytes_out": 4.0, "aborted": true}},
		{"aborted in a text", "GET", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}, record{"level": "WARN", "status": 200.0, "bytes_out": 4.0, "aborted": true}},
		{"aborted in a copy", "GET", func(w http.ResponseWriter, _ *http.Request) {
			io.Copy(w, struct{ io.Reader }{strings.NewReader("half")})
			panic(http.ErrAbortHandler)
		}, record{"level": "WARN", "status": 200.0, "bytes_out": 4.0, "aborted": true}},
		{"panic", "GET", func(http.ResponseWriter, *http.Request) { panic("lost") }, record{"level": "ERROR", "status": 500.0, "bytes_out": 0.0, "panic": "lost"}},
		{"panic in the answer", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			panic(fmt.Errorf("lost %d", 1))
		}, record{"level": "ERROR", "status": 202.0, "bytes_out": 0.0, "panic": "lost 1"}},
	}
	over(t, func(t *testing.T, proto int) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				s, l := serve(t, proto, nil, c.handler)
				do(t, s, c.method, "/", nil)
				if diff := cmp.Diff(c.want, l.next(t).only("level", "status", "bytes_out", "aborted", "panic")); diff != "" {
					t.Errorf("record (-want +got):\n%s", diff)
				}
				l.none(t)
			})
		}
	})
}

func TestInformationalAnswersPrecedeTheStatus(t *testing.T) {
	over(t, func(t *testing.T, proto int) {
		s, l := serve(t, proto, nil, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</style.css>; rel=preload")
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusCreated)
		})
		hints := 0
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			Got1xxResponse: func(int, textproto.MIMEHeader) error { hints++; return nil },
		})
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
		answer, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := l.next(t); hints != 1 || got["status"] != 201.0 {
			t.Errorf("%d hints, status %v", hints, got["status"])
		}
	})
}

func TestPanicIsLoggedWithItsStackAndGoesOn(t *testing.T) {
	var seen any
	l := newLog()
	logs := watchhttp.Middleware(l.logger(), nil)
	recovers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			seen = recover()
			w.WriteHeader(http.StatusInternalServerError)
		}()
		logs(http.HandlerFunc(deepPanic)).ServeHTTP(w, r)
	})
	answer, _ := do(t, start(t, 1, recovers), http.MethodGet, "/", nil)
	got := l.next(t)
	if stack, _ := got["stack"].(string); seen != "deep" || answer.StatusCode != 500 || !strings.Contains(stack, "deepPanic") ||
		!strings.HasPrefix(stack, "goroutine ") || !strings.HasPrefix(stack[strings.Index(stack, "\n"):], "\npanic(") {
		t.Errorf("panic %v, status %d, stack %s", seen, answer.StatusCode, stack)
	}
}

func deepPanic(http.ResponseWriter, *http.Request) { panic("deep") }

func TestStreamArrivesWhileTheHandlerWorks(t *testing.T) {
	over(t, func(t *testing.T, proto int) {
		read := make(chan struct{})
		s, l := serve(t, proto, nil, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for n := range 3 {
				fmt.Fprintf(w, "data: %d\n\n", n)
				if err := http.NewResponseController(w).Flush(); err != nil {
					t.Error(err)
				}
				<-read
			}
		})
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
		answer, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		for n := range 3 {
			lines.Scan()
			if lines.Text() != fmt.Sprint("data: ", n) {
				t.Fatalf("line %q", lines.Text())
			}
			lines.Scan()
			l.none(t)
			read <- struct{}{}
		}
		if got := l.next(t); got["bytes_out"] != 27.0 || got["status"] != 200.0 {
			t.Errorf("record %v", got)
		}
	})
}

func TestClientThatLeavesIsTold(t *testing.T) {
	over(t, func(t *testing.T, proto int) {
		ctx, leave := context.WithCancel(t.Context())
		s, l := serve(t, proto, nil, func(_ http.ResponseWriter, r *http.Request) {
			leave()
			<-r.Context().Done()
		})
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
		if answer, err := s.Client().Do(r); err == nil {
			answer.Body.Close()
			t.Error("there is an answer")
		}
		if got := l.next(t); got["canceled"] != "context canceled" {
			t.Errorf("record %v", got)
		}
	})
}

func TestBytesInAreWhatTheHandlerRead(t *testing.T) {
	over(t, func(t *testing.T, proto int) {
		for read, want := range map[int64]float64{0: 0, 7: 7, 1 << 20: 100_000} {
			s, l := serve(t, proto, nil, func(_ http.ResponseWriter, r *http.Request) {
				io.CopyN(io.Discard, r.Body, read)
			})
			do(t, s, http.MethodPost, "/", strings.NewReader(strings.Repeat("x", 100_000)))
			if got := l.next(t); got["bytes_in"] != want {
				t.Errorf("%d bytes read, bytes_in %v", read, got["bytes_in"])
			}
		}
	})
}

func TestBodyIsNotAskedForBeforeItIsRead(t *testing.T) {
	s, l := serve(t, 1, nil, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	conn := dial(t, s.Listener.Addr().String())
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || line != "HTTP/1.1 403 Forbidden\r\n" {
		t.Errorf("answer %q, %v", line, err)
	}
	l.next(t)
}

func TestNoBodyStaysNoBody(t *testing.T) {
	s, l := serve(t, 1, nil, func(_ http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			t.Errorf("body %T", r.Body)
		}
	})
	do(t, s, http.MethodGet, "/", nil)
	l.next(t)
}

// A websocket is a connection that the handler takes over.
func TestHijackedConnectionIsTheServers(t *testing.T) {
	s, l := serve(t, 1, nil, func(w http.ResponseWriter, _ *http.Request) {
		conn, buffers, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		if _, ok := conn.(*net.TCPConn); !ok {
			t.Errorf("connection %T", conn)
		}
		fmt.Fprint(buffers, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		buffers.Flush()
		line, _ := buffers.ReadString('\n')
		fmt.Fprint(buffers, "echo: "+line)
		buffers.Flush()
	})
	conn := dial(t, s.Listener.Addr().String())
	fmt.Fprint(conn, "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	in := bufio.NewReader(conn)
	for line := ""; line != "\r\n"; {
		var err error
		if line, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	l.none(t)
	fmt.Fprint(conn, "hello\n")
	if line, err := in.ReadString('\n'); err != nil || line != "echo: hello\n" {
		t.Errorf("echo %q, %v", line, err)
	}
	want := record{"level": "INFO", "status": 101.0, "hijacked": true, "path": "/ws"}
	if diff := cmp.Diff(want, l.next(t).only("level", "status", "hijacked", "path")); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestResponseControllerReachesTheServer(t *testing.T) {
	over(t, func(t *testing.T, proto int) {
		s, l := serve(t, proto, nil, func(w http.ResponseWriter, _ *http.Request) {
			c := http.NewResponseController(w)
			for what, err := range map[string]error{
				"SetReadDeadline":  c.SetReadDeadline(time.Now().Add(time.Minute)),
				"SetWriteDeadline": c.SetWriteDeadline(time.Now().Add(time.Minute)),
				"EnableFullDuplex": c.EnableFullDuplex(),
				"Flush":            c.Flush(),
			} {
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
		do(t, s, http.MethodGet, "/", nil)
		l.next(t)
	})
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}
