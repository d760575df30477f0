package cwlocal

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
)

const (
	// maxBodyBytes bounds a request body, as it comes and inflated. The largest
	// batch of PutLogEvents, 1 MiB of control characters, takes 6 MiB escaped.
	maxBodyBytes = 16 << 20
	// trustedBodyBytes is how much is set aside on a client's word, before any
	// of the body has come: a thousand connections may promise the largest.
	trustedBodyBytes = 2 << 20
	// keepBodyBytes is the largest buffer that is kept for another request.
	keepBodyBytes = 4 << 20
)

// readBody reads the body into a buffer of the pool and inflates it when it is
// compressed. The caller gives the buffer back with freeBody when nothing
// refers to the body any more.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) (*[]byte, *apiError) {
	if r.ContentLength > maxBodyBytes {
		return nil, tooLarge()
	}
	var src io.Reader = http.MaxBytesReader(w, r.Body, maxBodyBytes)
	size := r.ContentLength
	switch encoding := strings.ToLower(strings.Join(r.Header.Values("Content-Encoding"), ",")); encoding {
	case "", "identity":
	case "gzip":
		zr, _ := s.inflate.Get().(*gzip.Reader)
		if zr == nil {
			zr = new(gzip.Reader)
		}
		defer s.inflate.Put(zr)
		if err := zr.Reset(src); err != nil {
			return nil, badBody(err)
		}
		src = zr
		size = 8 * size // logs shrink to an eighth
	default:
		return nil, refuse(http.StatusUnsupportedMediaType, "UnsupportedMediaTypeException", fmt.Sprintf("Content-Encoding %q is not supported: use gzip or none", encoding))
	}
	buf := s.buffer()
	err := fill(buf, src, int(min(max(size, 0), trustedBodyBytes)))
	if err != nil {
		s.freeBody(buf)
		return nil, badBody(err)
	}
	return buf, nil
}

// buffer returns a buffer of the pool, for a body or an answer.
func (s *Server) buffer() *[]byte {
	if buf, ok := s.bodies.Get().(*[]byte); ok {
		return buf
	}
	return new([]byte)
}

// freeBody gives a buffer back.
func (s *Server) freeBody(buf *[]byte) {
	if cap(*buf) <= keepBodyBytes {
		*buf = (*buf)[:0]
		s.bodies.Put(buf)
	}
}

// errInflated is the end of a compressed body that grows too large.
var errInflated = errors.New("body too large")

// fill reads src to its end into buf, which is expected to take size bytes.
func fill(buf *[]byte, src io.Reader, size int) error {
	b := slices.Grow((*buf)[:0], size+512) // the end is seen without growing
	defer func() { *buf = b }()
	for {
		n, err := src.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case len(b) > maxBodyBytes:
			return errInflated
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case len(b) == cap(b):
			b = slices.Grow(b, min(len(b), maxBodyBytes+512-len(b))) // twice as much
		}
	}
}

func tooLarge() *apiError {
	return refuse(http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", fmt.Sprintf("the request body is larger than %d bytes", maxBodyBytes))
}

// badBody says why a body could not be read.
func badBody(err error) *apiError {
	_, over := errors.AsType[*http.MaxBytesError](err)
	switch {
	case over || errors.Is(err, errInflated):
		return tooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuse(http.StatusRequestTimeout, "RequestTimeoutException", "the request body took too long")
	}
	return refuse(http.StatusBadRequest, "SerializationException", "the request body cannot be read: "+err.Error())
}
