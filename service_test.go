package watchtower_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// A service is as much of CloudWatch Logs as the examples and the tests of this
// package need: it creates log groups and streams, and stores what is put into
// those that exist. It checks nothing and has no limits: package cwlocal does
// that, and test/delivery tests against it. This one is here because the tests
// of a package are downloaded, with all that they import, by whoever runs "go
// mod tidy" in a program that imports it.
type service struct {
	mu        sync.Mutex
	made      map[string]bool // log groups, and streams as "group:stream"
	events    map[string][]stored
	throttled int  // puts that are throttled from now on
	rejecting bool // the first event of the next put that is stored
}

// A stored event is one that the service has.
type stored struct {
	Time            time.Time
	Stream, Message string
}

func newService() *service {
	return &service{made: map[string]bool{}, events: map[string][]stored{}}
}

// client is one of the SDK that needs no socket, for bubbles too.
func (s *service) client(transport http.RoundTripper) *cloudwatchlogs.Client {
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: transport},
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), BaseEndpoint: aws.String("http://service"),
	})
}

// all are the events of a log group by time, then arrival.
func (s *service) all(group string) []stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.events[group])
	slices.SortStableFunc(all, func(a, b stored) int { return a.Time.Compare(b.Time) })
	return all
}

// RoundTrip serves a request on the caller's goroutine.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	defer r.Body.Close()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	answer := w.Result()
	answer.Request = r
	return answer, r.Context().Err()
}

// An input has the fields of all requests that are understood.
type input struct {
	LogGroupName, LogStreamName string
	LogEvents                   []struct {
		Timestamp int64
		Message   string
	}
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := decode(r)
	answer, code := "", "SerializationException"
	if err == nil {
		answer, code = s.serve(strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "Logs_20140328."), in)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if code == "" {
		fmt.Fprint(w, answer)
		return
	}
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"__type":%q}`, code)
}

func decode(r *http.Request) (in input, err error) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			return in, err
		}
	}
	return in, json.NewDecoder(body).Decode(&in)
}

// serve returns an answer, or the code of an error.
func (s *service) serve(operation string, in input) (answer, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stream := in.LogGroupName + ":" + in.LogStreamName
	answer = "{}"
	switch operation {
	case "CreateLogGroup":
		s.made[in.LogGroupName] = true
	case "CreateLogStream":
		if !s.made[in.LogGroupName] {
			return "", "ResourceNotFoundException"
		}
		s.made[stream] = true
	case "PutLogEvents":
		if s.throttled > 0 {
			s.throttled--
			return "", "ThrottlingException"
		}
		if !s.made[stream] {
			return "", "ResourceNotFoundException"
		}
		if s.rejecting {
			s.rejecting, in.LogEvents = false, in.LogEvents[1:]
			answer = `{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}`
		}
		for _, e := range in.LogEvents {
			s.events[in.LogGroupName] = append(s.events[in.LogGroupName], stored{time.UnixMilli(e.Timestamp), in.LogStreamName, e.Message})
		}
	}
	return answer, ""
}
