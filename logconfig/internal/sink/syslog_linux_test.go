package sink

import (
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"
)

// What the network knows of a datagram comes later, if at all.
func TestSyslogTellsOfADatagramThatWasRefused(t *testing.T) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newSyslog(t, SyslogOptions{Address: c.LocalAddr().String(), Timeout: 10 * time.Second})
	_ = c.Close()
	write(t, s, "refused")
	err = s.Write(slog.LevelInfo, time.Now(), []byte("x"))
	if err == nil || !strings.Contains(err.Error(), "an earlier line was lost") {
		t.Errorf("got %v", err)
	}
}
