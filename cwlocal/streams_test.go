package cwlocal_test

import (
	"encoding/json"
	"fmt"
	"slices"
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

func TestPagesEndWhateverStreamsAreCalled(t *testing.T) {
	l := newLab(t)
	l.must("CreateLogGroup", `{"logGroupName":"g"}`)
	names := []string{"\x00", "\x00\x00", "a\x00b", "a b", " ", "\n", "é😀", strings.Repeat("é", 512)}
	for _, name := range names {
		quoted, _ := json.Marshal(name) // a string always marshals
		l.must("CreateLogStream", fmt.Sprintf(`{"logGroupName":"g","logStreamName":%s}`, quoted))
	}
	slices.Sort(names)
	var got []string
	for more := ""; len(got) <= len(names); {
		p := l.streams(`,"limit":1%s`, more)
		got = append(got, p.names())
		if p.NextToken == nil {
			break
		}
		more = fmt.Sprintf(`,"nextToken":%q`, *p.NextToken)
	}
	if diff := cmp.Diff(names, got); diff != "" {
		t.Error(diff)
	}
}

func TestStreamWhoseEventsHaveExpiredHasNoEventTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.digits(3)
		l.must("PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":1}`)
		time.Sleep(25 * time.Hour)
		got := l.streams("").LogStreams[0]
		for _, member := range []string{"firstEventTimestamp", "lastEventTimestamp"} {
			if v, ok := got[member]; ok {
				t.Errorf("%s is %v", member, v)
			}
		}
		if _, ok := got["lastIngestionTime"]; !ok {
			t.Error("lastIngestionTime is gone")
		}
	})
}
