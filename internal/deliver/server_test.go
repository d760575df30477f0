package deliver

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A server is the little of CloudWatch Logs that the tests of this room need:
// the operations that a Sender calls, on the wire.
type server struct {
	// before, if set, is asked before each operation with its body (as it
	// came); it returns true when it has answered.
	before func(w http.ResponseWriter, r *http.Request, op string, body []byte) bool
	answer string // of a put that succeeds; if empty, a sequence token

	mu        sync.Mutex
	calls     map[string]int
	groups    map[string]map[string]any // as created
	streams   map[string]bool           // group/stream
	retention map[string]float64
	bodies    [][]byte // of puts that succeeded, decompressed
}

func newServer() *server {
	return &server{
		calls:     map[string]int{},
		groups:    map[string]map[string]any{},
		streams:   map[string]bool{},
		retention: map[string]float64{},
	}
}

// with adds streams that exist from the start, as group/stream.
func (s *server) with(streams ...string) *server {
	for _, name := range streams {
		group, _, _ := strings.Cut(name, "/")
		s.groups[group] = map[string]any{}
		s.streams[name] = true
	}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	op := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "Logs_20140328.")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	s.mu.Lock()
	s.calls[op]++
	s.mu.Unlock()
	if s.before != nil && s.before(w, r, op, body) {
		return
	}
	if r.Header.Get("Content-Encoding") == "gzip" {
		body = gunzip(body)
	}
	var in map[string]any
	if err := json.Unmarshal(body, &in); err != nil {
		refuse(w, 400, "SerializationException")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handle(w, op, in, body)
}

func (s *server) handle(w http.ResponseWriter, op string, in map[string]any, body []byte) {
	group, _ := in["logGroupName"].(string)
	stream := fmt.Sprint(group, "/", in["logStreamName"])
	known := s.groups[group] != nil
	switch {
	case op == "CreateLogGroup" && known, op == "CreateLogStream" && s.streams[stream]:
		refuse(w, 400, "ResourceAlreadyExistsException")
	case op == "CreateLogGroup":
		s.groups[group] = in
		ok(w, "")
	case !known:
		refuse(w, 400, "ResourceNotFoundException")
	case op == "CreateLogStream":
		s.streams[stream] = true
		ok(w, "")
	case op == "PutRetentionPolicy":
		s.retention[group] = in["retentionInDays"].(float64)
		ok(w, "")
	case op == "PutLogEvents" && !s.streams[stream]:
		refuse(w, 400, "ResourceNotFoundException")
	case op == "PutLogEvents":
		s.bodies = append(s.bodies, body)
		if s.answer != "" {
			ok(w, s.answer)
			return
		}
		ok(w, `{"nextSequenceToken":"49"}`)
	default:
		refuse(w, 400, "UnknownOperationException")
	}
}

// count returns how often op was called.
func (s *server) count(op string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[op]
}

// remove deletes group with all its streams underneath the client.
func (s *server) remove(group string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.groups, group)
	clear(s.streams)
}

func ok(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_, _ = io.WriteString(w, body)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"__type":%q,"message":"no"}`, code)
}

func gunzip(b []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return out
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// bubble is an HTTP client that calls a handler in place, without a socket, so
// that time in a synctest bubble moves on.
type bubble struct{ h http.Handler }

func (b bubble) Do(r *http.Request) (*http.Response, error) { return b.RoundTrip(r) }

func (b bubble) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

var testKeys = credentials.NewStaticCredentialsProvider("AKID", "SECRET", "")

// inPlace returns a client of h within the calling bubble.
func inPlace(h http.Handler) *cloudwatchlogs.Client {
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region:       "eu-central-1",
		BaseEndpoint: aws.String("http://logs.test"),
		Credentials:  testKeys,
		HTTPClient:   bubble{h},
	})
}

// overTCP starts h on a loopback port and returns a client made as users' are.
func overTCP(t testing.TB, h http.Handler) (*cloudwatchlogs.Client, *httptest.Server) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return clientOf(t, srv.URL), srv
}

// clientOf returns a client of ours for an endpoint.
func clientOf(t testing.TB, url string) *cloudwatchlogs.Client {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKID")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "SECRET")
	t.Setenv("AWS_CONFIG_FILE", "/nonexistent")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
	client, err := NewClient(context.Background(), ClientOptions{EndpointURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { CloseIdle(client) })
	return client
}

// body returns a PutLogEvents body for group "g" with one event.
func body(stream string) []byte {
	return fmt.Appendf(nil, `{"logGroupName":"g","logStreamName":%q,"logEvents":[{"timestamp":1,"message":"m"}]}`, stream)
}

func request(stream string) Request { return Request{Stream: stream, Body: body(stream)} }
