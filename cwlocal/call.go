package cwlocal

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

// A call is one request of an API operation on its way through the server.
type call struct {
	*Server
	op     string
	region string // of the signature
	now    int64  // when it arrived, in milliseconds since 1970
	body   []byte // inflated
	reject injectedRejection
}

// targetPrefix is the service's name and version in X-Amz-Target.
const targetPrefix = "Logs_20140328."

// serveAPI answers a request of the API. The body is read before anything is
// answered, since a client that is still writing would see a broken connection
// instead of the answer.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	w.Header().Set("X-Amzn-RequestId", requestID())
	c := &call{Server: s, op: r.Header.Get("X-Amz-Target"), region: s.cfg.Region, now: began.UnixMilli()}
	if region := signer(r).region; region != "" {
		c.region = region
	}
	err := c.readClock(w, r)
	if err == nil {
		w, err = c.serve(w, r)
	}
	if err != nil {
		err.write(w)
	}
	level := s.cfg.Logger
	if err != nil && err.code == "InternalFailure" {
		level.Error("request failed", "operation", c.op, "region", c.region, "error", err)
		return
	}
	level.Debug("request", "operation", c.op, "region", c.region, "bytes", len(c.body), "took", time.Since(began), "error", err)
}

// serve answers the call, unless it returns an error, which the caller answers
// through the writer that comes with it: a fault may want to cut it short.
func (c *call) serve(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *apiError) {
	if err := c.admit(r); err != nil {
		return w, err
	}
	name, ok := strings.CutPrefix(c.op, targetPrefix)
	c.strikeEarly(r, name)
	buf, err := c.readBody(w, r)
	if err != nil {
		return w, err
	}
	defer c.freeBody(buf)
	c.body = *buf
	if c.op == "" && contentType(r) == formType {
		return w, c.serveQuery(w, r)
	}
	op := operations[name]
	if err := c.known(r, ok && op.Name != ""); err != nil {
		return w, err
	}
	c.op = name
	if w, err = c.strike(w, r); err != nil {
		return w, err
	}
	if op.serve == nil {
		return w, refuse(http.StatusBadRequest, "InvalidOperationException", "watchtower local does not serve "+name+": "+op.Note+"; see docs/api-coverage.md")
	}
	answer, failed := op.serve(c)
	if failed != nil {
		return w, asAPIError(failed)
	}
	return w, c.reply(w, answer)
}

// known checks that the request names an operation and has the form of one.
func (c *call) known(r *http.Request, exists bool) *apiError {
	switch {
	case r.URL.Path != "/" && r.URL.Path != "": // an endpoint URL with a path
		return refuse(http.StatusNotFound, "UnknownOperationException", "the API is POST /, and this request's path is "+strconv.Quote(r.URL.Path)+": leave the path out of the endpoint URL")
	case c.op == "":
		return refuse(http.StatusBadRequest, "UnknownOperationException", "the request has no X-Amz-Target header")
	case contentType(r) != jsonType:
		return refuse(http.StatusUnsupportedMediaType, "UnsupportedMediaTypeException", "Content-Type must be "+jsonType+", not "+strconv.Quote(r.Header.Get("Content-Type")))
	case !exists:
		return refuse(http.StatusBadRequest, "UnknownOperationException", "the service has no operation "+strconv.Quote(c.op))
	}
	return nil
}

// An appender writes its own JSON: the answers that carry many events.
type appender interface {
	appendJSON(dst []byte) []byte
}

// reply sends the answer of an operation that succeeded; nil is an empty body,
// as the service sends it for operations without an output.
func (s *Server) reply(w http.ResponseWriter, answer any) *apiError {
	var data []byte
	switch a := answer.(type) {
	case nil:
	case appender:
		buf := s.buffer()
		defer s.freeBody(buf)
		data = a.appendJSON((*buf)[:0])
		*buf = data
	default:
		var err error
		if data, err = json.Marshal(answer); err != nil {
			return asAPIError(err)
		}
	}
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(data) // a client that has gone needs no answer
	return nil
}

// decode reads the members of the request. Member must consume each value that
// it knows and report false for others, which are skipped.
func (c *call) decode(member func(name string, d *wire.Decoder) bool) error {
	if len(c.body) == 0 {
		return nil // like {}
	}
	d := wire.NewDecoder(c.body)
	d.Object(func(name []byte) {
		if !member(string(name), d) {
			d.Skip()
		}
	})
	d.End()
	return d.Err()
}

// key names a group in the region of the call.
func (c *call) key(group string) store.GroupKey {
	return store.GroupKey{Region: c.region, Name: group}
}

// requestID returns a random UUID (version 4), as the service gives them.
func requestID() string {
	const hex = "0123456789abcdef"
	var id [36]byte
	for i := range id {
		switch i {
		case 8, 13, 18, 23:
			id[i] = '-'
		case 14:
			id[i] = '4'
		case 19:
			id[i] = hex[8+rand.IntN(4)]
		default:
			id[i] = hex[rand.IntN(16)]
		}
	}
	return string(id[:])
}
