package deliver

import (
	"context"
	"io"
	"net"
	"sync"
)

// A tcpConn is a connection to an endpoint without TLS. net/http has the
// connection read a body by itself, as far as its own buffer does not hold it, for
// which a net.TCPConn makes a new buffer of 32 KiB each time: more than all else
// that a put allocates. Here it is used again.
type tcpConn struct{ *net.TCPConn }

// copyBytes is the length of a buffer.
const copyBytes = 32 << 10

var copyBuffers = sync.Pool{New: func() any { return new([copyBytes]byte) }}

// ReadFrom implements io.ReaderFrom.
func (c *tcpConn) ReadFrom(r io.Reader) (int64, error) {
	buf := copyBuffers.Get().(*[copyBytes]byte)
	defer copyBuffers.Put(buf)
	return io.CopyBuffer(struct{ io.Writer }{c.TCPConn}, r, buf[:]) // not its own ReadFrom
}

// A dialer is the DialContext of an http.Transport.
type dialer func(ctx context.Context, network, addr string) (net.Conn, error)

// frugal dials with d.
func (d dialer) frugal(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := d(ctx, network, addr)
	if tcp, ok := c.(*net.TCPConn); ok {
		return &tcpConn{tcp}, err
	}
	return c, err
}
