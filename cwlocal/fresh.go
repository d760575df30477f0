package cwlocal

import (
	"net"
	"net/http"
	"sync"
)

// Fresh connections are those on which no request has come yet. Shutdown of
// net/http gives each five seconds to send one; clients that keep connections
// in reserve, and probes that only connect, would hold up every stop.
type fresh struct {
	mu      sync.Mutex
	conns   map[net.Conn]struct{}
	stopped bool
}

// track is the ConnState of an http.Server.
func (f *fresh) track(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(f.conns, c)
	case f.stopped:
		_ = c.Close() // accepted at the last moment
	default:
		if f.conns == nil {
			f.conns = map[net.Conn]struct{}{}
		}
		f.conns[c] = struct{}{}
	}
}

// stop closes them, and those that are still to come.
func (f *fresh) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
	for c := range f.conns {
		_ = c.Close() // nothing was asked, nobody waits for an answer
	}
}
