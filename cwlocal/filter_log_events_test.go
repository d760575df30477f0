package cwlocal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// found is the answer of FilterLogEvents.
type found struct {
	Events []struct {
		LogStreamName, Message, EventID string
		Timestamp, IngestionTime        int64
	}
	SearchedLogStreams []string
	NextToken          *string
}

func (f found) messages() string {
	var list []string
	for _, e := range f.Events {
		list = append(list, e.Message)
	}
	return strings.Join(list, " ")
}

func (l *lab) filter(more string, args ...any) found {
	l.Helper()
	return decoded[found](l, l.must("FilterLogEvents", `{"logGroupName":"g"`+fmt.Sprintf(more, args...)+`}`))
}

// interleaved puts the events 0 to n-1 in turn into the streams a/0, a/1 and
// b/2, one a millisecond.
func (l *lab) interleaved(n int) (start int64) {
	l.Helper()
	l.must("CreateLogGroup", `{"logGroupName":"g"}`)
	streams := []string{"a/0", "a/1", "b/2"}
	for _, s := range streams {
		l.must("CreateLogStream", fmt.Sprintf(`{"logGroupName":"g","logStreamName":%q}`, s))
	}
	start = time.Now().UnixMilli()
	for i := range n {
		l.must("PutLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":%q,"logEvents":[%s]}`, streams[i%3], event(start+int64(i), fmt.Sprint(i))))
	}
	return start
}

func TestFilterInterleavesStreams(t *testing.T) {
	l := newLab(t)
	start := l.interleaved(6)
	for _, tt := range []struct{ more, want string }{
		{``, "0 1 2 3 4 5"},
		{`,"interleaved":false,"unmask":true`, "0 1 2 3 4 5"},
		{`,"startFromHead":true`, "0 1 2 3 4 5"},
		{`,"logStreamNamePrefix":"a/"`, "0 1 3 4"},
		{`,"logStreamNames":["b/2","a/0"]`, "0 2 3 5"},
		{fmt.Sprintf(`,"startTime":%d,"endTime":%d`, start+1, start+3), "1 2 3"}, // both inclusive
		{fmt.Sprintf(`,"startTime":%d,"endTime":%d`, start+3, start+1), ""},
		{`,"endTime":9223372036854775807`, "0 1 2 3 4 5"},
		{`,"endTime":0`, ""},
		{fmt.Sprintf(`,"startFromHead":false,"startTime":%d`, start), "5 4 3 2 1 0"},
		{fmt.Sprintf(`,"startFromHead":false,"startTime":%d,"endTime":%d`, start+1, start+3), "3 2 1"},
		{`,"filterPattern":"3"`, "3"},
		{`,"filterPattern":"?3 ?4"`, "3 4"},
		{`,"filterPattern":"-3"`, "0 1 2 4 5"},
		{`,"filterPattern":"\" \""`, "0 1 2 3 4 5"},
	} {
		got := l.filter("%s", tt.more)
		if got.messages() != tt.want {
			t.Errorf("%s: got %q, want %q", tt.more, got.messages(), tt.want)
		}
		if got.NextToken != nil || got.SearchedLogStreams == nil || len(got.SearchedLogStreams) > 0 {
			t.Errorf("%s: nextToken %v, searchedLogStreams %v", tt.more, got.NextToken, got.SearchedLogStreams)
		}
	}
}

func TestFilterPagesByTokens(t *testing.T) {
	l := newLab(t)
	start := l.interleaved(7)
	for _, tt := range []struct {
		more string
		want []string
	}{
		{``, []string{"0 1 2", "3 4 5", "6"}},
		{`,"logStreamNamePrefix":"a/"`, []string{"0 1 3", "4 6"}},
		{fmt.Sprintf(`,"startFromHead":false,"startTime":%d`, start), []string{"6 5 4", "3 2 1", "0"}},
	} {
		var got []string
		p := l.filter(`,"limit":3%s`, tt.more)
		got = append(got, p.messages())
		for p.NextToken != nil {
			// The token keeps its direction, whatever startFromHead says.
			p = l.filter(`,"limit":3%s,"nextToken":%q`, strings.Replace(tt.more, "false", "true", 1), *p.NextToken)
			got = append(got, p.messages())
		}
		if diff := cmp.Diff(tt.want, slices.DeleteFunc(got, func(s string) bool { return s == "" })); diff != "" {
			t.Errorf("%s: %s", tt.more, diff)
		}
	}
}

func TestEventIDsAreUniqueAndOrdered(t *testing.T) {
	l := newLab(t)
	l.stream()
	now := time.Now().UnixMilli()
	for range 3 { // all within one millisecond
		l.put(event(now, "x"), event(now, "x"))
	}
	var ids []string
	for _, e := range l.filter("").Events {
		if len(e.EventID) != 56 || strings.Trim(e.EventID, "0123456789") != "" {
			t.Errorf("eventId is %q, want 56 digits", e.EventID)
		}
		ids = append(ids, e.EventID)
	}
	if len(ids) != 6 || !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != 6 {
		t.Errorf("ids are %v", ids)
	}
}

func TestFilterTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.interleaved(2)
		token := *l.filter(`,"limit":1`).NextToken
		<-time.After(24 * time.Hour)
		if got := l.filter(`,"nextToken":%q`, token).messages(); got != "1" {
			t.Errorf("after 24 hours: %q", got)
		}
		<-time.After(2 * time.Minute)
		if got := l.call("FilterLogEvents", fmt.Sprintf(`{"logGroupName":"g","nextToken":%q}`, token)); got != "InvalidParameterException: The specified nextToken is invalid." {
			t.Errorf("after more than 24 hours: %s", got)
		}
	})
}
