//go:build unix

package sink

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// socket is a path that is short enough for a Unix socket.
func socket(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return filepath.Join(folder, "log")
}

func datagram(t *testing.T, c net.PacketConn) string {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	var buf [100]byte
	n, _, err := c.ReadFrom(buf[:])
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

func TestSyslogFindsTheKindOfAUnixSocket(t *testing.T) {
	path := socket(t)
	c, err := net.ListenPacket("unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	s := newSyslog(t, SyslogOptions{Address: path, Timeout: 10 * time.Second})
	write(t, s, "one")
	if got := datagram(t, c); got != "<14>one\x00" {
		t.Errorf("got %q", got)
	}

	path = socket(t)
	l := listen(t, "unix", path)
	s = newSyslog(t, SyslogOptions{Address: path, Timeout: 10 * time.Second})
	write(t, s, "one")
	if diff := cmp.Diff([]string{"<14>one\x00"}, received(t, accept(t, l), 1)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// syslogd makes its socket anew when it is restarted.
func TestSyslogFollowsADaemonThatWasRestarted(t *testing.T) {
	path := socket(t)
	s := newSyslog(t, SyslogOptions{Address: path, Timeout: 10 * time.Second})
	if err := s.Write(slog.LevelInfo, time.Now(), []byte("lost")); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("before it runs: %v", err)
	}
	for _, line := range []string{"one", "two"} {
		c, err := net.ListenPacket("unixgram", path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, line)
		if got := datagram(t, c); got != "<14>"+line+"\x00" {
			t.Errorf("got %q", got)
		}
		_ = c.Close()
		_ = os.Remove(path)
	}
}
