package cwlocal_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// streams is the answer of DescribeLogStreams.
type streams struct {
	LogStreams []map[string]any
	NextToken  *string
}

func (s streams) names() string {
	var list []string
	for _, e := range s.LogStreams {
		list = append(list, fmt.Sprint(e["logStreamName"]))
	}
	return strings.Join(list, " ")
}

func (l *lab) streams(more string, args ...any) streams {
	l.Helper()
	return decoded[streams](l, l.must("DescribeLogStreams", `{"logGroupName":"g"`+fmt.Sprintf(more, args...)+`}`))
}

func TestDescribedStreamHasTheMembersOfTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const created = 946684800000.0 // where a bubble's clock begins
		l := newLab(t)
		l.stream()
		want := map[string]any{
			"logStreamName": "s", "creationTime": created, "storedBytes": 0.0,
			"arn": "arn:aws:logs:us-east-1:000000000000:log-group:g:log-stream:s",
		}
		if diff := cmp.Diff([]map[string]any{want}, l.streams("").LogStreams); diff != "" {
			t.Errorf("without events: %s", diff)
		}
		time.Sleep(time.Second)
		l.put(event(created-5, "a"), event(created+7, "b"))
		got := l.streams("").LogStreams[0]
		if token, ok := got["uploadSequenceToken"].(string); !ok || len(token) != 56 {
			t.Errorf("uploadSequenceToken is %v", got["uploadSequenceToken"])
		}
		delete(got, "uploadSequenceToken")
		want["firstEventTimestamp"], want["lastEventTimestamp"], want["lastIngestionTime"] = created-5, created+7, created+1000
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("with events: %s", diff)
		}
	})
}

func TestStreamsAreOrderedAndPaged(t *testing.T) {
	l := newLab(t)
	l.must("CreateLogGroup", `{"logGroupName":"g"}`)
	now := time.Now().UnixMilli()
	for name, last := range map[string]int64{"a": 3, "b": 0, "ba": 2, "bb": 1, "c": 1} {
		l.must("CreateLogStream", fmt.Sprintf(`{"logGroupName":"g","logStreamName":%q}`, name))
		if last > 0 {
			l.must("PutLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":%q,"logEvents":[%s]}`, name, event(now+last, "m")))
		}
	}
	for _, tt := range []struct{ more, want string }{
		{``, "a b ba bb c"},
		{`,"descending":true`, "c bb ba b a"},
		{`,"logStreamNamePrefix":"b"`, "b ba bb"},
		{`,"logStreamNamePrefix":"b","descending":true`, "bb ba b"},
		{`,"orderBy":"LogStreamName"`, "a b ba bb c"},
		{`,"orderBy":"LastEventTime"`, "b bb c ba a"},
		{`,"orderBy":"LastEventTime","descending":true`, "a ba c bb b"},
	} {
		if got := l.streams("%s", tt.more).names(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.more, got, tt.want)
		}
		var pages []string
		p := l.streams(`,"limit":2%s`, tt.more)
		for pages = append(pages, p.names()); p.NextToken != nil; pages = append(pages, p.names()) {
			p = l.streams(`,"limit":2%s,"nextToken":%q`, tt.more, *p.NextToken)
		}
		if got := strings.Join(pages, " "); got != tt.want {
			t.Errorf("%s, in pages of two: got %q, want %q", tt.more, got, tt.want)
		}
	}
	token := *l.streams(`,"limit":2`).NextToken
	if got := l.call("DescribeLogStreams", fmt.Sprintf(`{"logGroupName":"g","orderBy":"LastEventTime","nextToken":%q}`, token)); got != "InvalidParameterException: The specified nextToken is invalid." {
		t.Errorf("a token of another order: %s", got)
	}
}
