package watchtowertest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing/iotest"
)

// Transport returns a RoundTripper that hands requests to h without a socket,
// so that HTTP clients work in a testing/synctest bubble. It is safe for
// concurrent use.
//
// The handler runs on a goroutine of its own. When the request's context ends
// first, RoundTrip returns its error at once, as a broken connection would, and
// the handler sees its own context end. A handler that panics with
// [http.ErrAbortHandler] cuts the connection: RoundTrip returns
// io.ErrUnexpectedEOF or, when the handler had flushed the beginning of an
// answer, that beginning, with a body that ends in this error. Other panics are
// passed on to the caller of RoundTrip.
// The answer is complete when RoundTrip returns; nothing is streamed.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ h http.Handler }

// An outcome is how a handler ended.
type outcome struct {
	answer   *recorder
	panicked any
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	in, err := asServerRequest(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	done := make(chan outcome, 1)
	go func() {
		o := outcome{answer: &recorder{header: http.Header{}, flushed: -1}}
		defer func() {
			o.panicked = recover()
			done <- o
		}()
		t.h.ServeHTTP(o.answer, in)
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case o := <-done:
		if err, ok := o.panicked.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			return o.answer.torn(r)
		}
		if o.panicked != nil {
			panic(o.panicked)
		}
		return o.answer.response(r), nil
	}
}

// asServerRequest copies a client's request into what a server would see. The
// body is copied too: the client may reuse it as soon as RoundTrip returns,
// while the handler may still run.
func asServerRequest(ctx context.Context, r *http.Request) (*http.Request, error) {
	var body []byte
	if r.Body != nil {
		var err error
		body, err = io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return nil, err
		}
	}
	in := r.Clone(ctx)
	in.Body = io.NopCloser(bytes.NewReader(body))
	in.ContentLength = int64(len(body))
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:1"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	return in, nil
}

// A recorder is the ResponseWriter of the handler; nobody else uses it until
// the handler has returned.
type recorder struct {
	header http.Header
	sent   http.Header // as it was when the status was written
	status int
	body   bytes.Buffer
	// flushed is how much of body has left, were this a connection; negative
	// as long as not even the header has.
	flushed int
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// Flush notes what the client gets should the handler abort.
func (w *recorder) Flush() {
	w.WriteHeader(http.StatusOK)
	w.flushed = w.body.Len()
}

// torn returns what of the answer had left when the handler aborted.
func (w *recorder) torn(r *http.Request) (*http.Response, error) {
	if w.flushed < 0 {
		return nil, io.ErrUnexpectedEOF
	}
	answer := w.response(r)
	answer.ContentLength = -1
	answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(w.body.Bytes()[:w.flushed]), iotest.ErrReader(io.ErrUnexpectedEOF)))
	return answer, nil
}

func (w *recorder) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:        strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.sent,
		Body:          io.NopCloser(&w.body),
		ContentLength: int64(w.body.Len()),
		Request:       r,
	}
}
