package cwlocal_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
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
	if diff := cmp.Diff([]cwlocal.Fault{{Kind: cwlocal.FaultThrottle, Operation: "CreateLogGroup"}}, f.List()); diff != "" {
		t.Error(diff)
	}
	f.Clear()
	l.must("CreateLogGroup", `{"logGroupName":"g"}`)
}

func TestFailNamesTheError(t *testing.T) {
	for status, want := range map[int]string{
		503: "503 ServiceUnavailableException: The service cannot complete the request.",
		502: "502 InternalFailure: The service has failed.",
		403: "403 AccessDeniedException: User: arn:aws:iam::000000000000:root is not authorized to perform: logs:ListLogGroups because no identity-based policy allows the logs:ListLogGroups action",
		429: "429 ThrottlingException: Rate exceeded",
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

// hits calls ListLogGroups n times, with calls of another operation in
// between, and returns an x for each that was throttled.
func hits(l *lab, n int) string {
	var pattern strings.Builder
	for range n {
		l.call("DescribeLogGroups", `{}`)
		if strings.HasPrefix(l.call("ListLogGroups", `{}`), "Throttling") {
			pattern.WriteByte('x')
		} else {
			pattern.WriteByte('.')
		}
	}
	return pattern.String()
}

func TestSeedDecidesWhichCallsAreHit(t *testing.T) {
	patterns := map[uint64]string{}
	for _, seed := range []uint64{1, 2, 1} {
		l := newLab(t)
		if err := l.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultThrottle, Operation: "ListLogGroups", Probability: 0.3, Seed: seed}); err != nil {
			t.Fatal(err)
		}
		got := hits(l, 200)
		if earlier, ok := patterns[seed]; ok && got != earlier {
			t.Errorf("seed %d: first\n%s, then\n%s", seed, earlier, got)
		}
		patterns[seed] = got
		if n := strings.Count(got, "x"); n < 40 || n > 80 {
			t.Errorf("seed %d: %d of 200 were hit, want about 60", seed, n)
		}
	}
	if patterns[1] == patterns[2] {
		t.Error("both seeds hit the same calls")
	}
}

func TestProbabilityAndTimesCountTheHits(t *testing.T) {
	l := newLab(t)
	if err := l.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultThrottle, Operation: "ListLogGroups", Probability: 0.5, Times: 7}); err != nil {
		t.Fatal(err)
	}
	if got := hits(l, 100); strings.Count(got, "x") != 7 || len(l.Faults().List()) > 0 {
		t.Errorf("got %s, %d faults are left", got, len(l.Faults().List()))
	}
}

func TestFaultsOfAGroupSpareTheOthers(t *testing.T) {
	l := newLab(t)
	for _, name := range []string{"g", "other"} {
		l.must("CreateLogGroup", `{"logGroupName":"`+name+`"}`)
	}
	if err := l.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultThrottle, Group: "g"}); err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:logs:us-east-1:000000000000:log-group:"
	for _, tt := range []struct{ op, body string }{
		{"DescribeLogStreams", `{"logGroupName":%q}`},
		{"DescribeLogStreams", `{"logGroupIdentifier":%q}`},
		{"DescribeLogStreams", `{"logGroupIdentifier":"` + arn + `%[2]s"}`},
		{"ListTagsForResource", `{"resourceArn":"` + arn + `%[2]s"}`},
		{"FilterLogEvents", `{"logGroupIdentifier":"` + arn + `%[2]s:*"}`},
	} {
		body := func(name string) string {
			if strings.Contains(tt.body, "%[2]s") {
				return fmt.Sprintf(strings.ReplaceAll(tt.body, "%[2]s", "%s"), name)
			}
			return fmt.Sprintf(tt.body, name)
		}
		if got := l.call(tt.op, body("g")); got != "ThrottlingException: Rate exceeded" {
			t.Errorf("%s %s: %s", tt.op, body("g"), got)
		}
		if got := l.call(tt.op, body("other")); strings.HasPrefix(got, "Throttling") {
			t.Errorf("%s %s: %s", tt.op, body("other"), got)
		}
	}
	l.must("DescribeLogGroups", `{}`)
}

func TestContentFaultsOnlyHitTheirBatches(t *testing.T) {
	l := newLab(t)
	l.stream()
	l.Faults().Poison("bad \"one\"", 1)
	l.Faults().LimitEvents(26+10, 1)
	now := time.Now().UnixMilli()
	for _, tt := range []struct{ message, want string }{
		{"0123456789", ""},
		{"0123456789a", "InvalidParameterException: Log event too large: 37 bytes exceeds limit of 36"},
		{"0123456789a", ""},
		{"a bad \"one\"", `InvalidParameterException: Invalid log event: it contains "bad \"one\""`},
		{"a bad \"one\"", ""},
	} {
		got := l.put(event(now, "x"), event(now, tt.message))
		if tt.want == "" && !strings.HasPrefix(got, `{"nextSequenceToken"`) || tt.want != "" && got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.message, got, tt.want)
		}
	}
}

func TestEarlyFaultsLeaveTheOthersTheirTurn(t *testing.T) {
	l := newLab(t)
	if err := l.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultThrottle, Operation: "DescribeLogGroups", Times: 1}, cwlocal.Fault{Kind: cwlocal.FaultResetEarly, Operation: "ListLogGroups"}); err != nil {
		t.Fatal(err)
	}
	if !aborts(l, request("ListLogGroups", `{}`)) {
		t.Error("the call was answered")
	}
	if got := l.call("DescribeLogGroups", `{}`); got != "ThrottlingException: Rate exceeded" {
		t.Errorf("got %s", got)
	}
	l.must("DescribeLogGroups", `{}`)
}

func TestFaultsThatLookLeaveTheBodyAlone(t *testing.T) {
	l := newLab(t)
	l.stream()
	if err := l.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultPoison, Text: "poison"}, cwlocal.Fault{Kind: cwlocal.FaultThrottle, Group: "other"}); err != nil {
		t.Fatal(err)
	}
	// Escapes are resolved in place: who reads a body twice reads another one.
	now := time.Now().UnixMilli()
	const message = "\"quoted\"\n\ttwice \\\\ \\n"
	if got := l.call("PutLogEvents", `{"logGroupName":"\u0067","logStreamName":"\u0073","logEvents":[`+event(now, message)+`]}`); !strings.HasPrefix(got, `{"nextSequenceToken"`) {
		t.Error(got)
	}
	if events, err := l.Events("", "g"); err != nil || len(events) != 1 || events[0].Message != message {
		t.Errorf("got %+v, %v", events, err)
	}
}

func TestRejectionsAreStoredWithout(t *testing.T) {
	for _, tt := range []struct {
		fault        cwlocal.Fault
		info, stored string
	}{
		{cwlocal.Fault{TooOld: 1}, `{"tooOldLogEventEndIndex":1}`, "bcd"},
		{cwlocal.Fault{Expired: 2}, `{"expiredLogEventEndIndex":2}`, "cd"},
		{cwlocal.Fault{TooNew: 1}, `{"tooNewLogEventStartIndex":3}`, "abc"},
		{cwlocal.Fault{TooOld: 1, Expired: 2, TooNew: 1}, `{"tooNewLogEventStartIndex":3,"tooOldLogEventEndIndex":1,"expiredLogEventEndIndex":2}`, "c"},
		{cwlocal.Fault{TooOld: 100}, `{"tooOldLogEventEndIndex":4}`, ""},
		{cwlocal.Fault{TooNew: 100}, `{"tooNewLogEventStartIndex":0}`, ""},
		{cwlocal.Fault{TooOld: 3, TooNew: 3}, `{"tooNewLogEventStartIndex":3,"tooOldLogEventEndIndex":3}`, ""},
	} {
		l := newLab(t)
		l.stream()
		tt.fault.Kind, tt.fault.Times = cwlocal.FaultReject, 1
		if err := l.Faults().Add(tt.fault); err != nil {
			t.Fatal(err)
		}
		now := time.Now().UnixMilli()
		_, info, _ := strings.Cut(l.put(event(now, "a"), event(now, "b"), event(now, "c"), event(now, "d")), `"rejectedLogEventsInfo":`)
		if info != tt.info+"}" {
			t.Errorf("%+v: got %s", tt.fault, info)
		}
		events, err := l.Events("", "g")
		stored := ""
		for _, e := range events {
			stored += e.Message
		}
		if err != nil || stored != tt.stored {
			t.Errorf("%+v: %q was stored, %v; want %q", tt.fault, stored, err, tt.stored)
		}
	}
}

func TestShortFormsPanicOnWhatAddRefuses(t *testing.T) {
	f := newLab(t).Faults()
	want := `cwlocal: fault: operation "PutLogEvent": want the name of an operation, such as PutLogEvents, or none for all`
	defer func() {
		if err, _ := recover().(error); err == nil || err.Error() != want {
			t.Errorf("got %v", err)
		}
		f.Poison("", 0) // of no calls: not even looked at
		if len(f.List()) > 0 {
			t.Errorf("got %v", f.List())
		}
	}()
	f.Throttle("PutLogEvent", 1)
}
