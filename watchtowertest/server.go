package watchtowertest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// A Server is a local CloudWatch Logs for the time of one test. It is safe for
// concurrent use.
type Server struct {
	t     testing.TB
	local *cwlocal.Server

	listen sync.Once
	url    string
}

// NewServer starts a server in memory, account 000000000000 and region
// us-east-1, that is closed when the test ends. Inside a synctest bubble, call
// it with the bubble's own t.
func NewServer(t testing.TB) *Server {
	t.Helper()
	local, err := cwlocal.New(nil)
	if err != nil {
		t.Fatalf("watchtowertest: %v", err)
	}
	t.Cleanup(func() {
		if err := local.Close(); err != nil {
			t.Errorf("watchtowertest: close: %v", err)
		}
	})
	return &Server{t: t, local: local}
}

// Client returns a client of the server, with credentials that mean nothing and
// the SDK's usual retries. Options of its own can be changed by optFns.
func (s *Server) Client(optFns ...func(*cloudwatchlogs.Options)) *cloudwatchlogs.Client {
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://watchtower.local"),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIDLOCAL", "secret", ""),
		HTTPClient:   &http.Client{Transport: Transport(s.local)},
	}, optFns...)
}

// Handler returns the server as a handler, for a transport or a listener of the
// test's own.
func (s *Server) Handler() http.Handler { return s.local }

// Faults returns the faults that the server injects; none at first. They hit
// what comes through the client and through the URL alike. docs/faults.md lists
// what there is.
func (s *Server) Faults() *cwlocal.Faults { return s.local.Faults() }

// Events returns the events of all streams of a log group in us-east-1, in the
// order of the service: timestamp, then acceptance. A group that does not exist
// has none.
func (s *Server) Events(group string) []cwlocal.Event {
	s.t.Helper()
	events, err := s.local.Events("", group)
	if err != nil {
		s.t.Fatalf("watchtowertest: events of %q: %v", group, err)
	}
	return events
}

// URL returns the address of the server for other processes, such as
// http://127.0.0.1:41234. The first call opens the port; not for synctest
// bubbles, in which sockets do not work.
func (s *Server) URL() string {
	s.t.Helper()
	s.listen.Do(func() {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.t.Fatalf("watchtowertest: %v", err)
		}
		s.url = "http://" + ln.Addr().String()
		ctx, stop := context.WithCancel(context.Background())
		served := make(chan error, 1)
		go func() { served <- s.local.Serve(ctx, ln) }()
		s.t.Cleanup(func() {
			stop()
			if err := <-served; err != nil {
				s.t.Errorf("watchtowertest: serve: %v", err)
			}
		})
	})
	return s.url
}
