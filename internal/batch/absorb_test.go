package batch

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// timed makes a batch of events at these milliseconds; the text tells them apart.
func timed(text string, times ...int64) *Batch {
	b := New(To("g", cwl.Entity{}), "s", Limits{Bytes: 10_000, Events: 10}, Memory{})
	for i, ms := range times {
		msg := fmt.Sprintf("%s%d", text, i)
		b.Add(&cwl.Event{Time: ms, Size: len(msg), Stream: "s", Fragment: fmt.Appendf(nil, `{"timestamp":%d,"message":"%s"}`, ms, msg)}, time.UnixMilli(ms))
	}
	b.Seal()
	return b
}

// texts are the messages of a batch's body, in its order.
func texts(t *testing.T, b *Batch) (messages []string) {
	t.Helper()
	var body struct {
		LogEvents []struct{ Message string }
	}
	if err := json.Unmarshal(b.Body(), &body); err != nil {
		t.Fatalf("%v: %s", err, b.Body())
	}
	for _, e := range body.LogEvents {
		messages = append(messages, e.Message)
	}
	return messages
}

func TestAbsorbedEventsStandInTheirOrder(t *testing.T) {
	for _, complete := range []bool{false, true} {
		b := timed("a", 5, 3, 7)
		if complete {
			b.Body()
		}
		if !b.Absorb(timed("b", 7, 2, 3), b.limits) || !b.Absorb(timed("c", 9), b.limits) {
			t.Fatal("there was room")
		}
		want := []string{"b1", "a1", "b2", "a0", "a2", "b0", "c0"}
		if diff := cmp.Diff(want, texts(t, b)); diff != "" {
			t.Errorf("complete %v (-want +got):\n%s", complete, diff)
		}
		if b.Min != 2 || b.Max != 9 || b.Born != time.UnixMilli(2) || b.Bytes() != 7*(26+2) {
			t.Errorf("from %d to %d, born %v, %d bytes", b.Min, b.Max, b.Born, b.Bytes())
		}
	}
}

func TestAbsorbKeepsTheLimits(t *testing.T) {
	day := cwl.MaxBatchSpan.Milliseconds()
	for _, c := range []struct {
		name   string
		limits Limits
		times  []int64
		want   bool
	}{
		{"room to the byte", Limits{Bytes: 4 * 28, Events: 4}, []int64{5, 6}, true},
		{"one byte too many", Limits{Bytes: 4*28 - 1, Events: 4}, []int64{5, 6}, false},
		{"one event too many", Limits{Bytes: 1000, Events: 3}, []int64{5, 6}, false},
		{"a day apart", Limits{Bytes: 1000, Events: 9}, []int64{5, day + 3}, true},
		{"more than a day apart", Limits{Bytes: 1000, Events: 9}, []int64{5, day + 4}, false},
	} {
		b := timed("a", 3, 4)
		if b.Absorb(timed("b", c.times...), c.limits) != c.want {
			t.Errorf("%s: want %v", c.name, c.want)
		}
		if want := map[bool]int{true: 4, false: 2}[c.want]; len(texts(t, b)) != want {
			t.Errorf("%s: %d events", c.name, b.Len())
		}
	}
}
