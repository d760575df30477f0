package delivery_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// create makes the streams of these names, and the group if it is not there.
func create(t *testing.T, s *watchtowertest.Server, streams ...string) {
	t.Helper()
	name := group
	_, err := s.Client().CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); err != nil && !exists {
		t.Fatal(err)
	}
	for _, stream := range streams {
		if _, err := s.Client().CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &name, LogStreamName: &stream}); err != nil {
			t.Fatal(err)
		}
	}
}

// scripted is a transport that does something else for some of the requests,
// which are numbered from 1. It notes when each came.
type scripted struct {
	http.RoundTripper
	do func(n int, r *http.Request) (*http.Response, error) // nil, nil: go on

	mu sync.Mutex
	at []time.Time
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.at = append(s.at, time.Now())
	n := len(s.at)
	s.mu.Unlock()
	if res, err := s.do(n, r); res != nil || err != nil {
		return res, err
	}
	return s.RoundTripper.RoundTrip(r)
}

// unavailable is an answer that asks to be left alone for some seconds.
func unavailable(r *http.Request, seconds string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusServiceUnavailable, Request: r,
		Header: http.Header{"Retry-After": {seconds}}, Body: io.NopCloser(strings.NewReader("")),
	}
}

func TestAnAnswerToAnEarlierSendDoesNotEndTheBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watchtowertest.NewServer(t)
		create(t, s, "a", "b")
		transport := &scripted{RoundTripper: watchtowertest.Transport(s.Handler())}
		transport.do = func(n int, r *http.Request) (*http.Response, error) {
			<-time.After(time.Duration(n) * time.Second)
			if n == 1 { // the other one is under way by now, and will succeed
				return unavailable(r, "30"), nil
			}
			return nil, nil
		}
		client := s.Client(func(o *cloudwatchlogs.Options) { o.HTTPClient = &http.Client{Transport: transport} })
		h, err := watchtower.New(t.Context(), group, &watchtower.Options{Client: client, LogStreamName: "{logger_name}", OnError: func(error) {}})
		if err != nil {
			t.Fatal(err)
		}
		slog.New(h.Named("a")).Info("m")
		slog.New(h.Named("b")).Info("m")
		flush(t, h)
		if err := h.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(transport.at) != 3 {
			t.Fatalf("%d requests, want 3", len(transport.at))
		}
		if d := transport.at[2].Sub(transport.at[0]); d < 31*time.Second {
			t.Errorf("sent again after %v, but the service wanted 30 s of peace", d)
		}
	})
}

func TestAStreamThatStaysBrokenDoesNotStarveTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var recovered int
		h, s := open(t, watchtower.Options{LogStreamName: "{logger_name}", NoCreateLogStream: true, OnError: func(err error) {
			if _, drop := errors.AsType[*watchtower.DropError](err); !drop && strings.Contains(err.Error(), "works again") {
				recovered++
			}
		}})
		create(t, s, "good")
		slog.New(h.Named("missing")).Info("m")
		for range 60 {
			slog.New(h.Named("good")).Info("m")
			<-time.After(time.Minute)
		}
		<-time.After(time.Minute)
		if n := len(messages(s)); n != 60 {
			t.Errorf("%d records of the good stream were stored within an hour, want 60", n)
		}
		if recovered != 0 {
			t.Errorf("%d times it was told that delivery works again", recovered)
		}
		create(t, s, "missing")
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		defer cancel()
		if err := h.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if recovered != 1 {
			t.Errorf("the recovery was told %d times, want once", recovered)
		}
	})
}
