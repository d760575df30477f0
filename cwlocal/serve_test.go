package cwlocal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// listening starts a server with those time-outs on a loopback port; the
// function stops it and returns what Serve returned.
func listening(t *testing.T, times timeouts, cfg *Config) (s *Server, addr string, stop func() error) {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.times = times
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, ln.Addr().String(), func() error {
		cancel()
		return <-served
	}
}

func dial(t *testing.T, addr, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

const put = "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Logs_20140328.DescribeLogGroups\r\nContent-Type: application/x-amz-json-1.1\r\n"

func TestSlowClientsAreCutOff(t *testing.T) {
	short := timeouts{header: 50 * time.Millisecond, body: 100 * time.Millisecond, write: time.Second, idle: 50 * time.Millisecond, stop: time.Second}
	_, addr, stop := listening(t, short, nil)
	for _, tt := range []struct{ name, sent, want string }{
		{"a header that does not end", "POST / HTTP/1.1\r\nHost: x\r\nX-A: ", ""},
		{"a body that does not end", put + "Content-Length: 1000\r\n\r\n{", "HTTP/1.1 408 "},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, addr, tt.sent)
			got, err := io.ReadAll(c) // until the server hangs up
			if err != nil || !strings.HasPrefix(string(got), tt.want) || tt.want == "" && len(got) > 0 && !strings.Contains(string(got), "408") {
				t.Errorf("got %q, %v; want %q and the end of the connection", got, err, tt.want)
			}
		})
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestClientsThatDoNotReadAreCutOff(t *testing.T) {
	times := defaultTimeouts
	times.write, times.stop = 50*time.Millisecond, time.Hour
	s, addr, stop := listening(t, times, nil)
	// Ten events that are six times as long in an answer: more than sockets hold.
	key := store.GroupKey{Region: "us-east-1", Name: "g"}
	events := slices.Repeat([]store.Event{{Time: 1, Message: bytes.Repeat([]byte{1}, 100_000)}}, 10)
	if err := errors.Join(s.store.CreateGroup(store.Group{GroupKey: key}), s.store.CreateStream(key, "s", 1), s.store.Append(key, "s", 1, events)); err != nil {
		t.Fatal(err)
	}
	body := `{"logGroupName":"g","logStreamName":"s"}`
	c := dial(t, addr, strings.Replace(put, "DescribeLogGroups", "GetLogEvents", 1)+"Content-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
	if _, err := c.Read(make([]byte, 1)); err != nil { // the answer has begun; read no more
		t.Fatal(err)
	}
	if err := stop(); err != nil { // waits for the answer, an hour if need be
		t.Error(err)
	}
}

func TestServeStopsGracefully(t *testing.T) {
	_, addr, stop := listening(t, defaultTimeouts, nil)
	c := dial(t, addr, put+"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
	// That answer comes when the handler wants the body: it is in the middle of serving.
	in := bufio.NewReader(c)
	for range 2 {
		if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") && line != "\r\n" {
			t.Fatalf("got %q, %v", line, err)
		}
	}
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	if _, err := io.WriteString(c, "{}"); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatalf("the request in flight was cut off: %v", err)
	}
	if answer.Body.Close(); answer.StatusCode != http.StatusOK {
		t.Errorf("the request in flight got %s", answer.Status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("the port is still open")
	}
}

func TestServeStopsAtOnceBesideUnusedConnections(t *testing.T) {
	_, addr, stop := listening(t, defaultTimeouts, nil)
	silent := dial(t, addr, "")
	partial := dial(t, addr, "POST / HT")
	idle := dial(t, addr, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	// The answer says that the server has accepted all three.
	if _, err := http.ReadResponse(bufio.NewReader(idle), nil); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	// Without care it takes the five seconds of net/http.
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("the stop took %v", took)
	}
	for name, c := range map[string]net.Conn{"silent": silent, "partial": partial} {
		if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the %s connection is still open: %v", name, err)
		}
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	_, addr, stop := listening(t, defaultTimeouts, &Config{MaxConns: 1})
	first := dial(t, addr, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(first), nil); err != nil {
		t.Fatal(err)
	}
	second := dial(t, addr, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	if err := second.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := second.Read(make([]byte, 1)); err == nil {
		t.Errorf("a second connection was served beside the first (%d bytes)", n)
	}
	_ = first.Close()
	if err := second.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := http.ReadResponse(bufio.NewReader(second), nil); err != nil {
		t.Errorf("the second was not served after the first had ended: %v", err)
	}
	_ = second.Close()
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestAbsoluteURIsAreServed(t *testing.T) {
	_, addr, stop := listening(t, defaultTimeouts, nil)
	c := dial(t, addr, strings.Replace(put, "POST /", "POST http://logs.eu-west-1.amazonaws.com/", 1)+"Connection: close\r\nContent-Length: 2\r\n\r\n{}")
	if got, err := io.ReadAll(c); err != nil || !strings.HasSuffix(string(got), `{"logGroups":[]}`) {
		t.Errorf("got %q, %v", got, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestAnswersAfterCloseAreErrors(t *testing.T) {
	s, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c := &call{Server: s, region: "us-east-1", body: []byte(`{"logGroupName":"g"}`)}
	if _, err := createLogGroup(c); err == nil || asAPIError(err).code != "ServiceUnavailableException" {
		t.Errorf("got %v", err)
	}
}

func TestAnswerMayTakeLongerThanABody(t *testing.T) {
	times := defaultTimeouts
	times.body = 50 * time.Millisecond
	s, addr, stop := listening(t, times, nil)
	s.Faults().Delay("", 200*time.Millisecond, 1)
	c := dial(t, addr, put+"Content-Length: 2\r\n\r\n{}")
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Body.Close(); answer.StatusCode != http.StatusOK {
		t.Errorf("got %s", answer.Status)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
