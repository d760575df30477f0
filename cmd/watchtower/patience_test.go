package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// answers is a server that gives these answers in turn, the last for ever.
type answers struct {
	list []answer
	n    int
}

type answer struct {
	status int
	body   string
}

func (a *answers) Do(*http.Request) (*http.Response, error) {
	next := a.list[min(a.n, len(a.list)-1)]
	a.n++
	return &http.Response{
		StatusCode: next.status,
		Header:     http.Header{"Content-Type": {"application/x-amz-json-1.1"}},
		Body:       io.NopCloser(strings.NewReader(next.body)),
	}, nil
}

// read reads all pages of a stream from these answers.
func (a *answers) read(ctx context.Context, all bool, limit int) (messages string, err error) {
	c := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: a,
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
	}, withPatience)
	for page, err := range pages(ctx, c, (&getCmd{Group: "g", Stream: new("s")}).input(), all, limit) {
		if err != nil {
			return messages, err
		}
		for _, e := range page.Events {
			messages += aws.ToString(e.Message)
		}
	}
	return messages, nil
}

var (
	throttled = answer{400, `{"__type":"ThrottlingException","message":"Rate exceeded"}`}
	failing   = answer{500, `{"__type":"InternalServerException","message":""}`}
)

// page is an answer of GetLogEvents.
func page(messages, next string) answer {
	var events []string
	for _, m := range messages {
		events = append(events, `{"timestamp":1,"ingestionTime":1,"message":"`+string(m)+`"}`)
	}
	return answer{200, `{"events":[` + strings.Join(events, ",") + `],"nextForwardToken":"` + next + `","nextBackwardToken":"b/1"}`}
}

func TestReadingOutlastsThrottling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{list: []answer{page("ab", "f/1"), throttled, throttled, throttled, throttled, throttled, throttled, page("c", "f/2"), page("", "f/2")}}
		if got, err := a.read(t.Context(), true, 0); got != "abc" || err != nil {
			t.Errorf("read %q, %v", got, err)
		}
	})
}

func TestReadingGivesUpOnAServerThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{list: []answer{failing}}
		if _, err := a.read(t.Context(), true, 0); err == nil || a.n != failedAttempts {
			t.Errorf("%d attempts, %v", a.n, err)
		}
		a = &answers{list: []answer{throttled}}
		_, err := a.read(t.Context(), true, 0)
		if _, ok := errors.AsType[*types.ThrottlingException](err); !ok || a.n != throttledAttempts {
			t.Errorf("%d attempts, %v", a.n, err)
		}
	})
}

func TestEmptyPagesAreNotTheEnd(t *testing.T) {
	a := &answers{list: []answer{page("", "f/1"), page("a", "f/2"), page("", "f/3"), page("b", "f/4"), page("", "f/4"), page("wrong", "f/5")}}
	if got, err := a.read(t.Context(), true, 0); got != "ab" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestWithoutAllOnePageIsRead(t *testing.T) {
	a := &answers{list: []answer{page("a", "f/1"), page("b", "f/2")}}
	if got, err := a.read(t.Context(), false, 0); got != "a" || err != nil || a.n != 1 {
		t.Errorf("read %q in %d calls, %v", got, a.n, err)
	}
}

func TestALimitEndsTheReading(t *testing.T) {
	a := &answers{list: []answer{page("ab", "f/1"), page("c", "f/2"), page("d", "f/3")}}
	if got, err := a.read(t.Context(), true, 3); got != "abc" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
}
