package deliver

import (
	"errors"
	"fmt"
	"io"
	"sync"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A payload is the body of one HTTP request, and knows whether the transport
// took all of it. That decides what an answer that never came means: a server
// that did not get the last byte cannot have stored anything.
//
// It also guards the caller's buffer. The transport may go on reading after
// the client has returned an error, or an answer that came before the end of
// the request; after release it cannot.
type payload struct {
	body []byte // never written to; nil after release

	mu       sync.Mutex
	begun    bool // some reader has handed out a byte
	whole    bool // some reader has handed out the last byte
	released bool
}

func newPayload(body []byte) *payload { return &payload{body: body} }

// open returns a reader of the body from its start.
func (p *payload) open() *payloadReader { return &payloadReader{p: p} }

// into makes p the body of a request.
func (p *payload) into(req *smithyhttp.Request) (*smithyhttp.Request, error) {
	req, err := req.SetStream(p.open())
	if err != nil {
		return nil, fmt.Errorf("set the body: %w", err)
	}
	// With it net/http sends again by itself what met a connection that the
	// server had closed while idle and of which not a byte was written. The
	// SDK does not set it, so there every such put is an error.
	req.GetBody = func() (io.ReadCloser, error) {
		p.rewound()
		return io.NopCloser(p.open()), nil
	}
	return req, nil
}

// rewound notes that the transport starts over because nothing was written.
func (p *payload) rewound() {
	p.mu.Lock()
	p.begun, p.whole = false, false
	p.mu.Unlock()
}

// wasRead tells whether the transport took the body to its end.
func (p *payload) wasRead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.whole
}

// wasCut tells whether the transport took a part of the body, and not all.
func (p *payload) wasCut() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.begun && !p.whole
}

// release ends all reading. When it returns, the buffer is the caller's again, and
// nothing here holds it.
func (p *payload) release() {
	p.mu.Lock()
	p.body, p.released = nil, true
	p.mu.Unlock()
}

var errReleased = errors.New("the body of an ended request was read")

// A payloadReader reads a payload. It has no WriteTo, and must not have one:
// the SDK wraps a body with WriteTo in a reader whose WriteTo returns io.EOF
// once closed, net/http takes that for a failed write, and 2 to 6 % of small
// puts would lose their connection.
type payloadReader struct {
	p   *payload
	off int // only one goroutine reads at a time; p.mu orders them
}

func (r *payloadReader) Read(b []byte) (int, error) {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	if r.p.released {
		return 0, errReleased
	}
	n := copy(b, r.p.body[r.off:])
	r.off += n
	r.p.begun = r.p.begun || n > 0
	if r.off < len(r.p.body) {
		return n, nil
	}
	r.p.whole = true
	if n > 0 || len(b) == 0 {
		return n, nil
	}
	return 0, io.EOF
}

// Seek is what the SDK rewinds a body with.
func (r *payloadReader) Seek(offset int64, whence int) (int64, error) {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	if r.p.released {
		return 0, errReleased
	}
	switch whence {
	case io.SeekCurrent:
		offset += int64(r.off)
	case io.SeekEnd:
		offset += int64(len(r.p.body))
	}
	if offset < 0 || offset > int64(len(r.p.body)) {
		return 0, errors.New("seek outside of the body")
	}
	if int(offset) < r.off {
		r.p.whole = false
	}
	r.p.begun = offset > 0
	r.off = int(offset)
	return offset, nil
}

// Len is the number of bytes left, from which the SDK takes Content-Length.
func (r *payloadReader) Len() int {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	return max(0, len(r.p.body)-r.off)
}
