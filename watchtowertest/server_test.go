package watchtowertest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower/cwlocal"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// put creates a group and a stream and puts one event into it.
func put(t *testing.T, client *cloudwatchlogs.Client, message string) {
	t.Helper()
	ctx := t.Context()
	_, err1 := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")})
	_, err2 := client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")})
	_, err3 := client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String("g"), LogStreamName: aws.String("s"),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(time.Now().UnixMilli()), Message: aws.String(message)}},
	})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
}

func TestEventsPutByTheClientAreThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		put(t, logs.Client(), "hello")
		time.Sleep(time.Second) // of the bubble
		now := time.Now().Add(-time.Second)
		want := []cwlocal.Event{{Time: now, Ingestion: now, Stream: "s", Message: "hello"}}
		if diff := cmp.Diff(want, logs.Events("g")); diff != "" {
			t.Error(diff)
		}
		if got := logs.Events("missing"); got != nil {
			t.Errorf("a missing group has %v", got)
		}
	})
}

func TestClientRetriesThroughFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		logs.Faults().Throttle("CreateLogGroup", 1)
		logs.Faults().Fail("CreateLogStream", 500, 1)
		logs.Faults().Reset("PutLogEvents", 1)
		put(t, logs.Client(), "hello")
		if n := len(logs.Events("g")); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func TestResetLooksLikeABrokenConnection(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	logs.Faults().Reset("", 1)
	client := logs.Client(func(o *cloudwatchlogs.Options) { o.RetryMaxAttempts = 1 })
	_, err := client.DescribeLogGroups(t.Context(), nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want unexpected EOF", err)
	}
}

func TestTransportHandsOverWhatWasFlushed(t *testing.T) {
	for _, flush := range []bool{true, false} {
		rt := watchtowertest.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, err := io.WriteString(w, "half")
			if flush {
				err = errors.Join(err, http.NewResponseController(w).Flush())
			}
			if _, err2 := io.WriteString(w, " and the rest"); err != nil || err2 != nil {
				t.Error(err, err2)
			}
			panic(http.ErrAbortHandler)
		}))
		answer, err := (&http.Client{Transport: rt}).Get("http://local/")
		if !flush {
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("nothing was flushed: got %v, want unexpected EOF", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer.Body)
		if string(got) != "half" || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %q, %v", got, err)
		}
		_ = answer.Body.Close()
	}
}

func TestCancelledCallReturnsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		logs.Faults().Delay("DescribeLogGroups", time.Hour, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := logs.Client().DescribeLogGroups(ctx, nil)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

func TestURLServesOtherProcesses(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	web := &http.Client{Transport: &http.Transport{}}
	defer web.CloseIdleConnections()
	put(t, logs.Client(func(o *cloudwatchlogs.Options) {
		o.BaseEndpoint, o.HTTPClient = aws.String(logs.URL()), web
	}), "over a socket")
	if events := logs.Events("g"); len(events) != 1 || events[0].Message != "over a socket" {
		t.Errorf("got %v", events)
	}
}
