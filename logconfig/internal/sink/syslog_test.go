package sink

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func listen(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// received reads n messages, each with its NUL.
func received(t *testing.T, c net.Conn, n int) (messages []string) {
	t.Helper()
	r := bufio.NewReader(c)
	for range n {
		m, err := r.ReadString(0)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, m)
	}
	return messages
}

func accept(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	// What never comes fails the test, and does not hold it up.
	until := time.Now().Add(10 * time.Second)
	_ = l.(interface{ SetDeadline(time.Time) error }).SetDeadline(until)
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(until)
	return c
}

func newSyslog(t *testing.T, o SyslogOptions) *syslog {
	t.Helper()
	s, err := Syslog(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.(*syslog)
}

func TestSyslogConnectsAgainWhenTheCollectorComesBack(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0")
	s := newSyslog(t, SyslogOptions{Address: l.Addr().String(), SockType: "ext://socket.SOCK_STREAM", Timeout: 10 * time.Second})
	write(t, s, "one", "two")
	c := accept(t, l)
	if diff := cmp.Diff([]string{"<14>one\x00", "<14>two\x00"}, received(t, c, 2)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	_ = c.Close()
	// The end of the connection has arrived when the listener has ended.
	<-s.conn.listener
	write(t, s, "three")
	if diff := cmp.Diff([]string{"<14>three\x00"}, received(t, accept(t, l), 1)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSyslogTellsWhatACollectorThatIsGoneLoses(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0")
	s := newSyslog(t, SyslogOptions{Address: l.Addr().String(), SockType: "tcp", Timeout: 10 * time.Second})
	_ = l.Close()
	for range 2 {
		err := s.Write(slog.LevelInfo, time.Now(), []byte("x"))
		if err == nil || !strings.HasPrefix(err.Error(), "syslog "+l.Addr().String()+": dial tcp") {
			t.Errorf("got %v", err)
		}
	}
}

// A collector that accepts and never reads fills both buffers.
func TestSyslogNeverBlocksLongerThanItsTimeout(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0")
	s := newSyslog(t, SyslogOptions{Address: l.Addr().String(), SockType: "tcp", Timeout: 10 * time.Second})
	write(t, s, "connect")
	s.timeout = 20 * time.Millisecond
	line := []byte(strings.Repeat("x", 1<<20))
	var err error
	for i := 0; err == nil && i < 100; i++ {
		began := time.Now()
		err = s.Write(slog.LevelInfo, began, line)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("a write took %v", took)
		}
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want a time-out", err)
	}
	if s.conn != nil {
		t.Error("the connection that has half a message is kept")
	}
}

func TestSyslogDoesNotWaitForOthersBeyondItsTimeout(t *testing.T) {
	s := newSyslog(t, SyslogOptions{Address: "127.0.0.1:1", Timeout: time.Millisecond})
	s.turn <- struct{}{} // somebody writes, and does not come back
	if err := s.Write(slog.LevelInfo, time.Now(), []byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	<-s.turn
}

func TestSyslogPausesAfterAConnectionThatTimedOut(t *testing.T) {
	s := newSyslog(t, SyslogOptions{Address: "127.0.0.1:1", SockType: "tcp"})
	over, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if err := s.connect(over); err == nil {
		t.Fatal("connected after the end")
	}
	s.notBefore = s.notBefore.Add(time.Hour)
	err := s.Write(slog.LevelInfo, time.Now(), []byte("x"))
	if err == nil || !strings.Contains(err.Error(), "not tried again yet: ") {
		t.Errorf("got %v", err)
	}
}

func TestSyslogAddressesAndSocketsMeanWhatTheyMeanInPython(t *testing.T) {
	cases := []struct {
		address, sockType string
		networks          []string
		at                string
	}{
		{"", "", []string{"udp"}, "localhost:514"},
		{"logs.example.com", "", []string{"udp"}, "logs.example.com:514"},
		{"logs.example.com:1514", "stream", []string{"tcp"}, "logs.example.com:1514"},
		{"[::1]", "udp", []string{"udp"}, "[::1]:514"},
		{"[::1]:99", "socket.SOCK_STREAM", []string{"tcp"}, "[::1]:99"},
		{"/dev/log", "", []string{"unixgram", "unix"}, "/dev/log"},
		{"/dev/log", "ext://socket.SOCK_DGRAM", []string{"unixgram"}, "/dev/log"},
		{"/dev/log", "tcp", []string{"unix"}, "/dev/log"},
	}
	for _, c := range cases {
		networks, at, err := endpoint(c.address, c.sockType)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(c.networks, networks); diff != "" || at != c.at {
			t.Errorf("%q %q: got %v %s", c.address, c.sockType, networks, at)
		}
	}
	for name, want := range map[string]int{"": 1, "local7": 23, "16": 16, "LOG_LOCAL0": 16, "ext://logging.handlers.SysLogHandler.LOG_DAEMON": 3} {
		if got, err := facility(name); err != nil || got != want {
			t.Errorf("facility %q: %d, %v", name, got, err)
		}
	}
}

// A collector may move, and datagrams go on to where it was.
func TestSyslogLooksForTheCollectorOfDatagramsEachMinute(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	s := newSyslog(t, SyslogOptions{Address: server.LocalAddr().String(), Timeout: 10 * time.Second})
	write(t, s, "one")
	was := s.conn
	write(t, s, "two")
	if s.conn != was {
		t.Error("each line has a socket of its own")
	}
	was.since = was.since.Add(-resolveEvery)
	write(t, s, "three")
	if s.conn == was {
		t.Error("the socket is the same after a minute")
	}
}

// FuzzEndpoint holds that what is taken for an address can be dialled, by its
// form.
func FuzzEndpoint(f *testing.F) {
	for _, address := range []string{"", "localhost", "a:514", "[::1]", "[::1]:5", "/dev/log", ":", "::1", "a:b:c", "[", "]", "a:0"} {
		f.Add(address, "udp")
		f.Add(address, "ext://socket.SOCK_STREAM")
		f.Add(address, "")
	}
	f.Fuzz(func(t *testing.T, address, sockType string) {
		networks, at, err := endpoint(address, sockType)
		if err != nil {
			return
		}
		if strings.HasPrefix(at, "/") {
			return
		}
		if host, _, err := net.SplitHostPort(at); err != nil || host == "" || len(networks) != 1 {
			t.Fatalf("%q became %v %q: %v", address, networks, at, err)
		}
	})
}
