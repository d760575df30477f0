package cwlocal_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	hour = 3_600_000
	day  = 24 * hour
)

// putResult is the answer of PutLogEvents; the pointers are nil where it says nothing.
type putResult struct {
	Token    string                      `json:"nextSequenceToken"`
	Rejected map[string]int              `json:"rejectedLogEventsInfo"`
	Entity   *struct{ ErrorType string } `json:"rejectedEntityInfo"`
}

func TestEventsOutsideTheWindowAreReportedByIndex(t *testing.T) {
	for _, tt := range []struct {
		name      string
		retention int
		times     []int64 // relative to now, milliseconds
		want      map[string]int
		stored    int
	}{
		{"all valid", 0, []int64{-1, 0, 1}, nil, 3},
		{"14 days sharp is valid", 0, []int64{-14 * day}, nil, 1},
		{"older than 14 days", 0, []int64{-14*day - 2, -14*day - 1, 0}, map[string]int{"tooOldLogEventEndIndex": 2}, 1},
		{"two hours ahead is valid", 0, []int64{0, 2 * hour}, nil, 2},
		{"more than two hours ahead", 0, []int64{0, 2*hour + 1, 9 * hour}, map[string]int{"tooNewLogEventStartIndex": 1}, 1},
		{"past the retention", 3, []int64{-3*day - 1, -3 * day}, map[string]int{"expiredLogEventEndIndex": 1}, 1},
		{"past both", 3, []int64{-15 * day, -4 * day, 0}, map[string]int{"tooOldLogEventEndIndex": 1, "expiredLogEventEndIndex": 2}, 1},
		{"old and new", 0, []int64{-15 * day, 0, 3 * hour}, map[string]int{"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2}, 1},
		{"none is valid", 0, []int64{-15 * day, 3 * hour}, map[string]int{"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 1}, 0},
		{"rejected ones do not count for the span", 0, []int64{-15 * day, -day, 0, 3 * hour}, map[string]int{"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 3}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				l.stream()
				if tt.retention > 0 {
					l.must("PutRetentionPolicy", fmt.Sprintf(`{"logGroupName":"g","retentionInDays":%d}`, tt.retention))
				}
				var events []string
				for _, dt := range tt.times {
					events = append(events, event(time.Now().UnixMilli()+dt, "m"))
				}
				got := decoded[putResult](t, l.put(events...))
				if fmt.Sprint(got.Rejected) != fmt.Sprint(tt.want) || len(got.Token) != 56 {
					t.Errorf("got %+v, want %v", got, tt.want)
				}
				stored, err := l.Events("", "g")
				if err != nil || len(stored) != tt.stored {
					t.Errorf("%d events are stored, want %d (%v)", len(stored), tt.stored, err)
				}
			})
		})
	}
}

func TestBatchLimitsHoldToTheByte(t *testing.T) {
	now := time.Now().UnixMilli()
	many := func(n int) []string {
		events := make([]string, n)
		for i := range events {
			events[i] = event(now, "m")
		}
		return events
	}
	for _, tt := range []struct {
		name   string
		events []string
		want   string // empty: accepted
	}{
		{"one event of the full batch", []string{event(now, strings.Repeat("x", 1_048_576-26))}, ""},
		{"one byte more", []string{event(now, strings.Repeat("x", 1_048_576-25))}, "InvalidParameterException: Log event too large: 1048577 bytes exceeds limit of 1048576"},
		{"bytes of UTF-8 count", []string{event(now, strings.Repeat("é", 524_288-13+1))}, "InvalidParameterException: Log event too large: 1048578 bytes exceeds limit of 1048576"},
		{"two events of the full batch", []string{event(now, strings.Repeat("x", 524_288-26)), event(now, strings.Repeat("x", 524_288-26))}, ""},
		{"one byte more in two", []string{event(now, strings.Repeat("x", 524_288-26)), event(now, strings.Repeat("x", 524_288-25))}, "InvalidParameterException: Upload too large: 1048577 bytes exceeds limit of 1048576"},
		{"10,000 events", many(10_000), ""},
		{"10,001 events", many(10_001), invalid("'[10001 events]'", "logEvents", "Member must have length less than or equal to 10000")},
		{"24 hours", []string{event(now-day, "a"), event(now, "b")}, ""},
		{"a millisecond more", []string{event(now-day-1, "a"), event(now, "b")}, "InvalidParameterException: The batch of log events in a single PutLogEvents request cannot span more than 24 hours."},
		{"equal times", []string{event(now, "a"), event(now, "b")}, ""},
		{"out of order", []string{event(now, "a"), event(now-1, "b")}, "InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order."},
		{"escapes shrink", []string{event(now, strings.Repeat("\x01", 1_048_576-26))}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			l.stream()
			got := l.put(tt.events...)
			if tt.want == "" && !strings.HasPrefix(got, `{"nextSequenceToken":`) || tt.want != "" && got != tt.want {
				t.Errorf("got %.300s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestMessagesComeBackByteForByte(t *testing.T) {
	l := newLab(t)
	l.stream()
	now := time.Now().UnixMilli()
	messages := []string{"plain", `{"k":"v\n"}`, "tab\tnul\x00del\x7f", "é 😀 \u2028 \ufffd", strings.Repeat(`"\`, 100), " "}
	var events []string
	for i, m := range messages {
		events = append(events, event(now+int64(i), m))
	}
	l.put(events...)
	got := decoded[struct {
		Events []struct {
			Message   string
			Timestamp int64
		}
	}](t, l.must("GetLogEvents", `{"logGroupName":"g","logStreamName":"s","startFromHead":true}`))
	for i, m := range messages {
		if got.Events[i].Message != m || got.Events[i].Timestamp != now+int64(i) {
			t.Errorf("event %d: got %+v, want %q", i, got.Events[i], m)
		}
	}
}

func TestHalvesOfSurrogatesBecomeReplacementCharacters(t *testing.T) {
	l := newLab(t)
	l.stream()
	l.put(`{"timestamp":` + strconv.FormatInt(time.Now().UnixMilli(), 10) + `,"message":"a\ud800b\ude00\ud83d\ude00"}`)
	events, err := l.Events("", "g")
	if err != nil || len(events) != 1 || events[0].Message != "a\ufffdb\ufffd😀" {
		t.Errorf("got %q, %v", events, err)
	}
}

func TestGzipBodiesAreInflated(t *testing.T) {
	l := newLab(t)
	l.stream()
	var body bytes.Buffer
	z := gzip.NewWriter(&body)
	fmt.Fprintf(z, `{"logGroupName":"g","logStreamName":"s","logEvents":[%s]}`, event(time.Now().UnixMilli(), "zipped"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r := request("PutLogEvents", body.String())
	r.Header.Set("Content-Encoding", "gzip")
	if w := l.send(r); w.Code != 200 {
		t.Fatal(outcome(w))
	}
	if events, err := l.Events("", "g"); err != nil || len(events) != 1 || events[0].Message != "zipped" {
		t.Errorf("got %v, %v", events, err)
	}
}

func TestSequenceTokensAndUnknownMembersAreIgnored(t *testing.T) {
	l := newLab(t)
	l.stream()
	for range 2 {
		l.must("PutLogEvents", fmt.Sprintf(`{"sequenceToken":"1","logGroupName":"g","logStreamName":"s","new":{"a":[1,{}]},"logEvents":[{"x":null,"timestamp":%d,"message":"m"}],"entity":null}`, time.Now().UnixMilli()))
	}
}

func TestBadEntitiesAreReportedAndEventsKept(t *testing.T) {
	attributes := func(n, size int) string {
		m := map[string]string{}
		for i := range n {
			m[strings.Repeat("a", i+1)] = strings.Repeat("v", size)
		}
		data, _ := json.Marshal(m) // strings always marshal
		return string(data)
	}
	service := `{"Type":"Service","Name":"shop","Environment":"prod"}`
	for _, tt := range []struct{ name, entity, want string }{
		{"none", `null`, ""},
		{"a service", `{"keyAttributes":` + service + `,"attributes":{"k":"v"}}`, ""},
		{"a resource", `{"keyAttributes":{"Type":"AWS::Resource","ResourceType":"AWS::S3::Bucket","Identifier":"b"}}`, ""},
		{"a remote service", `{"keyAttributes":{"Type":"RemoteService","Name":"auth"}}`, ""},
		{"five keys", `{"keyAttributes":{"Type":"Resource","Name":"n","Environment":"e","ResourceType":"t","Identifier":"i"}}`, "InvalidKeyAttributes"},
		{"a long key value", `{"keyAttributes":{"Type":"Service","Environment":"e","Name":"` + strings.Repeat("n", 513) + `"}}`, "InvalidKeyAttributes"},
		{"a resource without identifier", `{"keyAttributes":{"Type":"Resource","ResourceType":"t"}}`, "MissingRequiredFields"},
		{"a long name", `{"keyAttributes":` + service + `,"attributes":{"` + strings.Repeat("n", 257) + `":"v"}}`, "InvalidAttributes"},
		{"an empty value", `{"keyAttributes":` + service + `,"attributes":{"n":""}}`, "InvalidAttributes"},
		{"nothing in it", `{}`, "MissingRequiredFields"},
		{"one key", `{"keyAttributes":{"Type":"Service"}}`, "InvalidKeyAttributes"},
		{"an unknown key", `{"keyAttributes":{"Type":"Service","Colour":"red"}}`, "InvalidKeyAttributes"},
		{"no type", `{"keyAttributes":{"Name":"shop","Environment":"prod"}}`, "MissingRequiredFields"},
		{"a type that is none", `{"keyAttributes":{"Type":"Shop","Name":"shop"}}`, "InvalidTypeValue"},
		{"a service without environment", `{"keyAttributes":{"Type":"Service","Name":"shop"}}`, "MissingRequiredFields"},
		{"eleven attributes", `{"keyAttributes":` + service + `,"attributes":` + attributes(11, 1) + `}`, "InvalidAttributes"},
		{"a long value", `{"keyAttributes":` + service + `,"attributes":` + attributes(1, 513) + `}`, "InvalidAttributes"},
		{"too large", `{"keyAttributes":` + service + `,"attributes":` + attributes(10, 1000) + `}`, "EntitySizeTooLarge"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			l.stream()
			got := decoded[putResult](t, l.must("PutLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","logEvents":[%s],"entity":%s}`, event(time.Now().UnixMilli(), "m"), tt.entity)))
			if (got.Entity == nil) != (tt.want == "") || got.Entity != nil && got.Entity.ErrorType != tt.want {
				t.Errorf("got %+v, want %q", got.Entity, tt.want)
			}
			if events, err := l.Events("", "g"); err != nil || len(events) != 1 {
				t.Errorf("%d events are stored, want 1 (%v)", len(events), err)
			}
		})
	}
}
