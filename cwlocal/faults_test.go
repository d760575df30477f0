package cwlocal_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// aborts reports whether serving a request cuts the connection.
func aborts(l *lab, r *http.Request) (cut bool) {
	defer func() {
		if p := recover(); p != nil {
			cut = p == http.ErrAbortHandler
		}
	}()
	l.send(r)
	return false
}

func TestFaultsHitTheNextCallsOfTheirOperation(t *testing.T) {
	const (
		fine      = `{"logGroups":[]}`
		throttled = "ThrottlingException: Rate exceeded"
		failed    = "500 InternalFailure: The service has failed."
	)
	l := newLab(t)
	f := l.Faults()
	f.Throttle("DescribeLogGroups", 2)
	f.Fail("", 500, 1)
	f.Throttle("CreateLogGroup", -1)
	var got []string
	for range 4 {
		got = append(got, l.call("DescribeLogGroups", `{}`))
	}
	if diff := cmp.Diff([]string{throttled, throttled, failed, fine}, got); diff != "" {
		t.Error(diff)
	}
	for range 3 {
		if got := l.call("CreateLogGroup", `{"logGroupName":"g"}`); got != throttled {
			t.Errorf("a fault without end: %s", got)
		}
	}
	if diff := cmp.Diff([]cwlocal.Fault{{Operation: "CreateLogGroup", Times: -1, Status: 400, Code: "ThrottlingException", Message: "Rate exceeded"}}, f.List()); diff != "" {
		t.Error(diff)
	}
	f.Clear()
	l.must("CreateLogGroup", `{"logGroupName":"g"}`)
}

func TestFailNamesTheError(t *testing.T) {
	for status, want := range map[int]string{
		503: "503 ServiceUnavailableException: The service cannot complete the request.",
		502: "502 InternalFailure: The service has failed.",
		403: "403 AccessDeniedException: The caller is not authorized to perform logs:ListLogGroups",
		400: "InvalidParameterException: An injected fault.",
	} {
		l := newLab(t)
		l.Faults().Fail("ListLogGroups", status, 1)
		if got := l.call("ListLogGroups", `{}`); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestFaultsStoreNothing(t *testing.T) {
	l := newLab(t)
	l.stream()
	l.Faults().Throttle("PutLogEvents", 1)
	l.Faults().Reset("PutLogEvents", 1)
	l.put(event(time.Now().UnixMilli(), "m"))
	body := `{"logGroupName":"g","logStreamName":"s","logEvents":[` + event(time.Now().UnixMilli(), "m") + `]}`
	if !aborts(l, request("PutLogEvents", body)) {
		t.Error("the second call was answered")
	}
	if events, err := l.Events("", "g"); err != nil || len(events) > 0 {
		t.Errorf("got %v, %v", events, err)
	}
}

func TestDelaysAddUpAndEndWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.Faults().Delay("ListLogGroups", time.Second, 2)
		l.Faults().Delay("", time.Minute, 1)
		l.Faults().Throttle("ListLogGroups", 1)
		began := time.Now()
		if got := l.call("ListLogGroups", `{}`); got != "ThrottlingException: Rate exceeded" || time.Since(began) != 61*time.Second {
			t.Errorf("got %s after %v", got, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if !aborts(l, request("ListLogGroups", `{}`).WithContext(ctx)) {
			t.Error("a request that nobody waits for was answered")
		}
	})
}
