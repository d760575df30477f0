package cwlocal

import (
	"context"
	"net"
	"net/http"
)

// connKey is the key of the connection in the contexts of [Server.Serve]'s requests.
type connKey struct{}

// withConn lets cut find the connection of a request.
func withConn(ctx context.Context, c net.Conn) context.Context {
	if b, ok := c.(*boundedConn); ok {
		c = b.Conn
	}
	return context.WithValue(ctx, connKey{}, c)
}

// cut ends the connection of a request without an answer. Where the server
// knows the connection it is reset (TCP RST), so that clients see what a crash
// or a firewall looks like; elsewhere it is closed. It does not return: the
// panic is how net/http is told.
func cut(r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(interface{ SetLinger(sec int) error }); ok {
		_ = c.SetLinger(0) // a connection that is gone already needs no reset
	}
	panic(http.ErrAbortHandler)
}

// A cutWriter cuts the connection instead of the answer, or in its middle. It
// relies on answers that write their body at once, even an empty one: a header
// does not leave before that.
type cutWriter struct {
	http.ResponseWriter
	cut  func()
	half bool // the header and half of the body get out
}

// Write sends half of p. A reset would take back what is on its way: the
// connection is closed in good order, which is too early for the client.
func (w *cutWriter) Write(p []byte) (int, error) {
	if !w.half || len(p) == 0 {
		w.cut()
	}
	_, _ = w.ResponseWriter.Write(p[:len(p)/2]) // the end is near anyhow
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}
