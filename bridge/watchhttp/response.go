package watchhttp

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// A response is the server's writer, with a look at what goes through it. Its
// counters are atomic: a handler may leave goroutines behind that still write when
// the request is logged.
type response struct {
	inner  http.ResponseWriter
	head   bool         // of a HEAD request: bodies are not sent
	status atomic.Int32 // 0 until it is settled
	bytes  atomic.Int64
	taken  atomic.Bool // hijacked

	idHeader string
	id       []string // what it says in the answer; nil if nothing
}

// Unwrap lets http.ResponseController find what the server's writer can do. If that
// stands behind a wrapper of somebody else's, Flush and Hijack of a controller are
// seen on the way.
func (w *response) Unwrap() http.ResponseWriter {
	if _, ok := w.inner.(unwrapper); ok {
		return behind{w}
	}
	return w.inner
}

type unwrapper interface{ Unwrap() http.ResponseWriter }

// A behind is what controllers find where the wrapped writer has a method that
// it does not show.
type behind struct{ *response }

func (w behind) FlushError() error                            { return w.flush() }
func (w behind) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }
func (w behind) Unwrap() http.ResponseWriter                  { return w.inner }

// Header implements [http.ResponseWriter].
func (w *response) Header() http.Header { return w.inner.Header() }

// WriteHeader implements [http.ResponseWriter]. Informational answers may precede
// the status, and of several the first one counts.
func (w *response) WriteHeader(status int) {
	w.keepID()
	w.inner.WriteHeader(status) // panics at impossible ones
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.settle(status)
	}
}

// Write implements [http.ResponseWriter].
func (w *response) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.inner.Write(p)
	w.count(int64(n))
	return n, err
}

// WriteString implements [io.StringWriter], as the writers of net/http do.
func (w *response) WriteString(s string) (int, error) {
	w.begin()
	n, err := io.WriteString(w.inner, s)
	w.count(int64(n))
	return n, err
}

// begin is called before a part of the body is sent.
func (w *response) begin() {
	if w.status.Load() == 0 {
		w.keepID()
		w.settle(http.StatusOK)
	}
}

// keepID is called before the header is sent. A proxy adds that of the service behind
// it, which may have an id of its own; the answer has the one of the record.
func (w *response) keepID() {
	if w.status.Load() != 0 || w.id == nil {
		return
	}
	if h := w.inner.Header(); len(h[w.idHeader]) > 1 {
		h[w.idHeader] = w.id
	}
}

func (w *response) settle(status int) { w.status.CompareAndSwap(0, int32(status)) }

func (w *response) count(n int64) {
	if !w.head {
		w.bytes.Add(n)
	}
}

// flush goes through a controller, which gives the error if there is one to get.
func (w *response) flush() error {
	w.keepID()
	err := http.NewResponseController(w.inner).Flush()
	if !errors.Is(err, http.ErrNotSupported) {
		w.settle(http.StatusOK)
	}
	return err
}

func (w *response) hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.inner).Hijack()
	if err == nil {
		w.settle(http.StatusSwitchingProtocols)
		w.taken.Store(true)
	}
	return conn, buffers, err
}

// readFrom leaves the status open if nothing came of the source: the handler may
// still answer with an error.
func (w *response) readFrom(src io.Reader) (int64, error) {
	w.keepID()
	n, err := w.inner.(io.ReaderFrom).ReadFrom(src)
	if n > 0 {
		w.settle(http.StatusOK)
	}
	w.count(n)
	return n, err
}

func (w *response) push(target string, o *http.PushOptions) error {
	return w.inner.(http.Pusher).Push(target, o)
}

func (w *response) closeNotify() <-chan bool { return w.inner.(closeNotifier).CloseNotify() }

// A body counts what a handler reads of a request, on whatever goroutine.
type body struct {
	io.ReadCloser
	bytes        atomic.Int64
	asked, given *http.Request
}

// Read implements [io.Reader]. Trailers that were not announced are set by the
// server at the end of the body, in its own request.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes.Add(int64(n))
	if err == io.EOF && b.asked.Trailer != nil && b.given.Trailer == nil {
		b.given.Trailer = b.asked.Trailer
	}
	return n, err
}
