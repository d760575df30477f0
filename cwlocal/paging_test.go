package cwlocal_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestPageEndsAtTheByte puts batches that fill a page exactly, and miss it by
// one byte: 26 bytes count for each event besides its message.
func TestPageEndsAtTheByte(t *testing.T) {
	const page = 1_048_576
	for _, tt := range []struct {
		first, second int // bytes of messages
		forward, back int // events of the first page in each direction
	}{
		{page - 26 - 27, 1, 2, 2},
		{page - 26 - 27 + 1, 1, 1, 1},
		{page - 26 - 27, 2, 1, 1},
		{page - 26, 1, 1, 1},
	} {
		l := newLab(t)
		l.stream()
		now := time.Now().UnixMilli()
		for _, size := range []int{tt.first, tt.second} {
			if got := l.put(event(now, strings.Repeat("x", size))); !strings.HasPrefix(got, `{"next`) {
				t.Fatalf("%d: %.200s", size, got)
			}
		}
		forward, back := l.get(`,"startFromHead":true`), l.get("")
		if len(forward.Events) != tt.forward || len(back.Events) != tt.back {
			t.Errorf("%d and %d bytes: pages of %d and %d events, want %d and %d", tt.first, tt.second, len(forward.Events), len(back.Events), tt.forward, tt.back)
		}
		rest := l.get(`,"nextToken":%q`, forward.NextForwardToken)
		if n := len(forward.Events) + len(rest.Events); n != 2 {
			t.Errorf("%d and %d bytes: %d events in two pages", tt.first, tt.second, n)
		}
	}
}

// TestPageHasTenThousandEvents reads 20,001 events of one millisecond, put in
// batches whose edges are not those of pages.
func TestPageHasTenThousandEvents(t *testing.T) {
	l := newLab(t)
	l.stream()
	now := time.Now().UnixMilli()
	var want []string
	for _, n := range []int{9_999, 10_000, 2} {
		var events []string
		for range n {
			want = append(want, fmt.Sprint(len(want)))
			events = append(events, event(now, want[len(want)-1]))
		}
		l.put(events...)
	}
	for _, limit := range []string{"", `,"limit":10000`, `,"limit":9999`} {
		var got []string
		sizes := []int{}
		for more := `,"startFromHead":true`; ; {
			p := l.get("%s%s", more, limit)
			next := fmt.Sprintf(`,"nextToken":%q`, p.NextForwardToken)
			if next == more {
				break
			}
			more = next
			sizes = append(sizes, len(p.Events))
			for _, e := range p.Events {
				got = append(got, e.Message)
			}
		}
		if !slices.Equal(got, want) || slices.Min(sizes[:2]) < 9_999 {
			t.Errorf("limit %q: %d events in pages of %v", limit, len(got), sizes)
		}
	}
}

// TestForwardReaderMissesNothingOfOneMillisecond lets writers put into the same
// millisecond of a stream while a reader follows its forward token: events
// that are stored later stand behind the token.
func TestForwardReaderMissesNothingOfOneMillisecond(t *testing.T) {
	const writers, puts, batch = 4, 30, 7
	l := newLab(t)
	l.stream()
	now := time.Now().UnixMilli()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for p := range puts {
				var events []string
				for i := range batch {
					events = append(events, event(now, fmt.Sprintf("%d-%02d-%d", w, p, i)))
				}
				l.put(events...)
			}
		})
	}
	written := make(chan struct{})
	go func() { wg.Wait(); close(written) }()
	seen := map[string]int{}
	var order []string
	more, last := `,"startFromHead":true`, false
	for {
		p := l.get(`%s,"limit":%d`, more, 1+rand.IntN(20))
		for _, e := range p.Events {
			seen[e.Message]++
			order = append(order, e.Message)
		}
		more = fmt.Sprintf(`,"nextToken":%q`, p.NextForwardToken)
		if len(p.Events) > 0 {
			continue
		}
		if last {
			break
		}
		select {
		case <-written:
			last = true // one more look, at all that there is
		default:
		}
	}
	if len(order) != writers*puts*batch || len(seen) != len(order) {
		t.Errorf("%d events, %d different, want %d", len(order), len(seen), writers*puts*batch)
	}
	// All at once, they come in the same order; backward, in the same too.
	var whole, back []string
	for _, e := range l.get(`,"startFromHead":true`).Events {
		whole = append(whole, e.Message)
	}
	for more := ""; ; {
		p := l.get(`,"limit":13%s`, more)
		if len(p.Events) == 0 {
			break
		}
		var page []string
		for _, e := range p.Events {
			page = append(page, e.Message)
		}
		back = append(page, back...)
		more = fmt.Sprintf(`,"nextToken":%q`, p.NextBackwardToken)
	}
	if diff := cmp.Diff(whole, order); diff != "" {
		t.Errorf("page by page: %s", diff)
	}
	if diff := cmp.Diff(whole, back); diff != "" {
		t.Errorf("backward: %s", diff)
	}
}

// TestLateEventIsFoundByTimeOnly says what a forward token is: a position in
// the order of events. What is put before it later is not behind it.
func TestLateEventIsFoundByTimeOnly(t *testing.T) {
	l := newLab(t)
	start := l.digits(3)
	p := l.get(`,"startFromHead":true,"limit":2`)
	l.put(event(start, "early"), event(start+1, "same"), event(start+2, "late"))
	if got := l.get(`,"nextToken":%q`, p.NextForwardToken).messages(); got != "same 2 late" {
		t.Errorf("forward: got %q", got)
	}
	if got := l.get(`,"nextToken":%q`, p.NextBackwardToken).messages(); got != "" {
		t.Errorf("backward: got %q", got)
	}
	if got := l.get(`,"startFromHead":true`).messages(); got != "0 early 1 same 2 late" {
		t.Errorf("all: got %q", got)
	}
}

// TestTokensOutliveTheirStream deletes and creates again what a token belongs to.
func TestTokensOutliveTheirStream(t *testing.T) {
	for _, again := range [][2]string{
		{"DeleteLogStream", `{"logGroupName":"g","logStreamName":"s"}`},
		{"DeleteLogGroup", `{"logGroupName":"g"}`},
	} {
		l := newLab(t)
		l.digits(5)
		p := l.get(`,"limit":2,"startFromHead":true`)
		filter := decoded[struct{ NextToken string }](t, l.must("FilterLogEvents", `{"logGroupName":"g","limit":2}`)).NextToken
		l.must(again[0], again[1])
		want := noStream
		if again[0] == "DeleteLogGroup" {
			want = noGroup
		}
		get := fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","nextToken":%q}`, p.NextForwardToken)
		if got := l.call("GetLogEvents", get); got != want {
			t.Errorf("%s: got %s", again[0], got)
		}
		if want == noGroup {
			if got := l.call("FilterLogEvents", fmt.Sprintf(`{"logGroupName":"g","nextToken":%q}`, filter)); got != want {
				t.Errorf("%s: filter got %s", again[0], got)
			}
			l.must("CreateLogGroup", `{"logGroupName":"g"}`)
		}
		l.must("CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
		if got := l.get("").messages(); got != "" {
			t.Errorf("%s: the new stream has %q", again[0], got)
		}
		l.put(event(time.Now().UnixMilli()+1000, "new"))
		if got := l.get(`,"nextToken":%q`, p.NextForwardToken).messages(); got != "new" {
			t.Errorf("%s: got %q with the old token", again[0], got)
		}
		if got := l.must("FilterLogEvents", fmt.Sprintf(`{"logGroupName":"g","nextToken":%q}`, filter)); !strings.Contains(got, `"new"`) || strings.Count(got, "eventId") != 1 {
			t.Errorf("%s: filter got %s with the old token", again[0], got)
		}
	}
}
