package cwlocal

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// timeouts bound how long a client may take, so that slow ones cannot hold
// connections for ever.
type timeouts struct {
	header, body, write, idle, stop time.Duration
}

var defaultTimeouts = timeouts{
	header: 10 * time.Second,
	body:   time.Minute, // 1 MiB at 140 kbit/s
	write:  time.Minute, // one write, not the whole answer: answers may be streams
	idle:   2 * time.Minute,
	stop:   10 * time.Second,
}

// maxHeaderBytes bounds the header of a request. A signed one with a session
// token has about 3 KB.
const maxHeaderBytes = 64 << 10

// Serve accepts connections on ln until ctx ends; then it takes no more, lets
// the requests that it has finish for a few seconds, and returns nil. It closes
// ln. It does not close the Server.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	var unused fresh
	h := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.times.header,
		ReadTimeout:       s.times.body,
		IdleTimeout:       s.times.idle,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnContext:       withConn,
		ConnState:         unused.track,
		ErrorLog:          slog.NewLogLogger(s.cfg.Logger.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- h.Serve(bounded(ln, s.cfg.MaxConns, s.times.write)) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.times.stop)
	defer cancel()
	unused.stop()
	if err := h.Shutdown(stop); err != nil {
		s.cfg.Logger.Error("requests were cut off at the stop", "error", err)
		_ = h.Close() // ln is closed; what is left are connections
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// bounded returns ln with at most n connections open at a time (more wait in
// the kernel's queue), on which a single write takes no longer than write.
func bounded(ln net.Listener, n int, write time.Duration) net.Listener {
	return &boundedListener{Listener: ln, slots: make(chan struct{}, n), closed: make(chan struct{}), write: write}
}

type boundedListener struct {
	net.Listener
	slots  chan struct{}
	once   sync.Once
	closed chan struct{}
	write  time.Duration
}

func (l *boundedListener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &boundedConn{Conn: c, write: l.write, release: sync.OnceFunc(func() { <-l.slots })}, nil
}

func (l *boundedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type boundedConn struct {
	net.Conn
	write   time.Duration
	release func()
}

// Write gives up on a client that does not read.
func (c *boundedConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.write)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *boundedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}
