package cwlocal_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// page is the answer of GetLogEvents.
type page struct {
	Events []struct {
		Timestamp, IngestionTime int64
		Message                  string
	}
	NextForwardToken, NextBackwardToken string
}

// messages joins the messages of a page.
func (p page) messages() string {
	var list []string
	for _, e := range p.Events {
		list = append(list, e.Message)
	}
	return strings.Join(list, " ")
}

// get reads a page of the stream s of g; more are further members, with a comma
// in front.
func (l *lab) get(more string, args ...any) page {
	l.Helper()
	return decoded[page](l, l.must("GetLogEvents", `{"logGroupName":"g","logStreamName":"s"`+fmt.Sprintf(more, args...)+`}`))
}

// digits puts n events, one a millisecond, with messages 0, 1, 2 … and returns
// the time of the first.
func (l *lab) digits(n int) (start int64) {
	l.Helper()
	l.stream()
	start = time.Now().UnixMilli()
	var events []string
	for i := range n {
		events = append(events, event(start+int64(i), fmt.Sprint(i)))
	}
	if got := l.put(events...); !strings.HasPrefix(got, `{"next`) {
		l.Fatal(got)
	}
	return start
}

func TestForwardTokensVisitEveryEventAndThenRepeat(t *testing.T) {
	l := newLab(t)
	l.digits(7)
	var got []string
	p := l.get(`,"limit":3,"startFromHead":true`)
	for {
		got = append(got, p.messages())
		next := l.get(`,"limit":3,"startFromHead":true,"nextToken":%q`, p.NextForwardToken)
		if next.NextForwardToken == p.NextForwardToken {
			if len(next.Events) > 0 {
				t.Errorf("the last page has %q and a token that repeats", next.messages())
			}
			break
		}
		p = next
	}
	if diff := cmp.Diff([]string{"0 1 2", "3 4 5", "6"}, got); diff != "" {
		t.Error(diff)
	}
	// Events that come later are found with the same token.
	l.put(event(time.Now().UnixMilli()+1000, "late"))
	if late := l.get(`,"nextToken":%q`, p.NextForwardToken); late.messages() != "late" {
		t.Errorf("got %q, want the late event", late.messages())
	}
}

func TestBackwardTokensVisitEveryEventAndThenRepeat(t *testing.T) {
	l := newLab(t)
	l.digits(7)
	var got []string
	p := l.get(`,"limit":3`)
	for {
		got = append(got, p.messages())
		next := l.get(`,"limit":3,"nextToken":%q`, p.NextBackwardToken)
		if next.NextBackwardToken == p.NextBackwardToken {
			break
		}
		p = next
	}
	if diff := cmp.Diff([]string{"4 5 6", "1 2 3", "0"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTokensTurnRoundWithoutLosingEvents(t *testing.T) {
	l := newLab(t)
	l.digits(4)
	first := l.get(`,"limit":2,"startFromHead":true`)
	second := l.get(`,"limit":2,"nextToken":%q`, first.NextForwardToken)
	end := l.get(`,"limit":2,"nextToken":%q`, second.NextForwardToken)
	for _, tt := range []struct{ name, token, want string }{
		{"back from the second page", second.NextBackwardToken, "0 1"},
		{"back from the empty page at the end", end.NextBackwardToken, "2 3"},
		{"back from the first page", first.NextBackwardToken, ""},
	} {
		if got := l.get(`,"limit":2,"nextToken":%q`, tt.token).messages(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	back := l.get(`,"nextToken":%q`, first.NextBackwardToken)
	if got := l.get(`,"nextToken":%q`, back.NextForwardToken).messages(); got != "0 1 2 3" {
		t.Errorf("forward from before the start: got %q", got)
	}
}

func TestTokensOfAnEmptyStreamFindWhatComes(t *testing.T) {
	for _, head := range []string{"true", "false"} {
		l := newLab(t)
		l.stream()
		p := l.get(`,"startFromHead":%s`, head)
		if len(p.NextForwardToken) != 58 || p.NextForwardToken[:2] != "f/" || len(p.NextBackwardToken) != 58 || p.NextBackwardToken[:2] != "b/" {
			t.Fatalf("tokens are %q and %q, want f/ and b/ with 56 digits", p.NextForwardToken, p.NextBackwardToken)
		}
		l.put(event(time.Now().UnixMilli(), "came"))
		if got := l.get(`,"nextToken":%q`, p.NextForwardToken).messages(); got != "came" {
			t.Errorf("startFromHead %s: got %q", head, got)
		}
		if got := l.get(`,"nextToken":%q`, p.NextBackwardToken).messages(); got != "" {
			t.Errorf("startFromHead %s: backward got %q", head, got)
		}
	}
}

func TestTimesBoundAPage(t *testing.T) {
	l := newLab(t)
	start := l.digits(6)
	for _, tt := range []struct{ from, to, want string }{
		{fmt.Sprint(start + 1), fmt.Sprint(start + 3), "1 2"},
		{fmt.Sprint(start + 4), "null", "4 5"},
		{"null", fmt.Sprint(start + 1), "0"},
		{"null", "0", ""},
		{fmt.Sprint(start + 3), fmt.Sprint(start + 1), ""},
		{"9223372036854775807", "9223372036854775807", ""},
	} {
		for _, head := range []string{"true", "false"} {
			if got := l.get(`,"startFromHead":%s,"startTime":%s,"endTime":%s`, head, tt.from, tt.to).messages(); got != tt.want {
				t.Errorf("from %s to %s: got %q, want %q", tt.from, tt.to, got, tt.want)
			}
		}
	}
}

func TestPagesHaveAMebibyteAtMost(t *testing.T) {
	l := newLab(t)
	l.stream()
	now := time.Now().UnixMilli()
	for i := range 3 {
		l.put(event(now+int64(i), strings.Repeat(fmt.Sprint(i), 400_000)))
	}
	p := l.get(`,"startFromHead":true`)
	if len(p.Events) != 2 {
		t.Errorf("%d events of 400 kB in a page, want 2", len(p.Events))
	}
	if p = l.get(`,"startFromHead":true,"nextToken":%q`, p.NextForwardToken); len(p.Events) != 1 {
		t.Errorf("%d events in the second page, want 1", len(p.Events))
	}
}

func TestTokensExpireAndBelongToTheirStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const bad = "InvalidParameterException: The specified nextToken is invalid."
		l := newLab(t)
		l.digits(1)
		token := l.get("").NextForwardToken
		l.must("CreateLogStream", `{"logGroupName":"g","logStreamName":"t"}`)
		ask := func(stream, token string) string {
			return l.call("GetLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":%q,"nextToken":%q}`, stream, token))
		}
		if got := ask("t", token); got != bad {
			t.Errorf("with another stream: %s", got)
		}
		if got := ask("s", "b"+token[1:]); strings.Contains(got, "Exception") {
			t.Errorf("the same position backward: %s", got)
		}
		for i := 2; i < len(token); i++ {
			if got := ask("s", token[:i]+string(rune(48+(token[i]-48+1)%10))+token[i+1:]); got != bad {
				t.Fatalf("with digit %d changed: %s", i, got)
			}
		}
		<-time.After(24 * time.Hour)
		if got := ask("s", token); strings.Contains(got, "Exception") {
			t.Errorf("after 24 hours: %s", got)
		}
		<-time.After(2 * time.Minute)
		if got := ask("s", token); got != bad {
			t.Errorf("after more than 24 hours: %s", got)
		}
	})
}

func TestEventsPastTheRetentionAreGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.digits(3)
		l.must("PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":1}`)
		<-time.After(24*time.Hour + 500*time.Microsecond)
		if got := l.get("").messages(); got != "0 1 2" {
			t.Errorf("after a day: %q", got)
		}
		<-time.After(time.Millisecond)
		if got := l.get("").messages(); got != "1 2" {
			t.Errorf("after a day and a millisecond: %q", got)
		}
		// Past the next round of removal, a policy taken away brings nothing back.
		<-time.After(2 * time.Minute)
		l.must("DeleteRetentionPolicy", `{"logGroupName":"g"}`)
		if got := l.get("").messages(); got != "" {
			t.Errorf("after the removal: %q", got)
		}
	})
}
