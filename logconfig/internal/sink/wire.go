package sink

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// A wire is a connection to a collector. A stream is listened to by a
// goroutine, which ends with the connection: collectors never answer, so all that
// can come is the end, and a message that is written behind it would be lost
// without an error.
type wire struct {
	net.Conn
	datagrams bool
	since     time.Time
	gone      atomic.Bool
	listener  chan struct{} // closed when it has ended
}

func newWire(conn net.Conn, network string) *wire {
	w := &wire{Conn: conn, datagrams: network == "udp", since: time.Now(), listener: make(chan struct{})}
	if network != "tcp" && network != "unix" {
		close(w.listener)
		return w
	}
	go func() {
		defer close(w.listener)
		// Whatever ends it, the connection is of no use any more.
		_, _ = io.Copy(io.Discard, conn)
		w.gone.Store(true)
	}()
	return w
}

// stale reports whether to connect anew before the next message.
func (w *wire) stale() bool {
	return w.gone.Load() || w.datagrams && time.Since(w.since) > resolveEvery
}

func (w *wire) hangUp() error {
	err := w.Close()
	<-w.listener
	return err
}
