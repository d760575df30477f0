package batch

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

var service = Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents}

// event returns an event whose message is text.
func event(ms int64, text string) *cwl.Event {
	message, _ := json.Marshal(text)
	return &cwl.Event{
		Time: ms, Stream: "s", Size: len(text),
		Fragment: fmt.Appendf(nil, `{"timestamp":%d,"message":%s}`, ms, message),
	}
}

// request is what the service makes of a body.
type request struct {
	LogGroupName, LogStreamName string
	LogEvents                   []struct {
		Timestamp int64
		Message   string
	}
}

func decode(t *testing.T, body []byte) request {
	t.Helper()
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("body is no JSON: %v\n%.200s", err, body)
	}
	return r
}

func fill(b *Batch, events ...*cwl.Event) *Batch {
	for _, e := range events {
		b.Add(e, time.Time{})
	}
	return b
}

func TestFitsToTheByte(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits Limits
		have   []*cwl.Event
		next   *cwl.Event
		want   bool
	}{
		{"an empty batch takes the largest event", service, nil, event(1, strings.Repeat("x", cwl.MaxEventBytes)), true},
		{"bytes exactly reached", Limits{Bytes: 100, Events: 9}, []*cwl.Event{event(1, strings.Repeat("x", 24))}, event(1, strings.Repeat("y", 24)), true},
		{"one byte over", Limits{Bytes: 100, Events: 9}, []*cwl.Event{event(1, strings.Repeat("x", 24))}, event(1, strings.Repeat("y", 25)), false},
		{"a character counts its UTF-8 bytes", Limits{Bytes: 100, Events: 9}, []*cwl.Event{event(1, strings.Repeat("x", 24))}, event(1, strings.Repeat("é", 13)), false},
		{"count reached", Limits{Bytes: 1000, Events: 2}, []*cwl.Event{event(1, "a"), event(1, "b")}, event(1, "c"), false},
		{"span of 24 h", service, []*cwl.Event{event(0, "a")}, event(86_400_000, "b"), true},
		{"span of 24 h and 1 ms", service, []*cwl.Event{event(0, "a")}, event(86_400_001, "b"), false},
		{"span backwards", service, []*cwl.Event{event(86_400_001, "a")}, event(0, "b"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fill(New(To("g", cwl.Entity{}), "s", c.limits, Memory{}), c.have...).Fits(c.next); got != c.want {
				t.Errorf("Fits = %v, want %v", got, c.want)
			}
		})
	}
}

func TestBodyIsInOrderOfTimeThenAcceptance(t *testing.T) {
	b := New(To(`group "g"`, cwl.Entity{}), "stream/ü", service, Memory{})
	rng := rand.New(rand.NewPCG(1, 2))
	type key struct {
		ms int64
		n  int
	}
	var want []key
	for n := range 1000 {
		k := key{int64(rng.IntN(50)), n}
		want = append(want, k)
		b.Add(event(k.ms, fmt.Sprintf("%d \"é\"\n", n)), time.Time{})
	}
	slices.SortStableFunc(want, func(x, y key) int { return int(x.ms - y.ms) })
	b.Seal()
	r := decode(t, b.Body())
	if r.LogGroupName != `group "g"` || r.LogStreamName != "stream/ü" {
		t.Errorf("names: %q, %q", r.LogGroupName, r.LogStreamName)
	}
	if len(r.LogEvents) != len(want) {
		t.Fatalf("%d events, want %d", len(r.LogEvents), len(want))
	}
	for i, e := range r.LogEvents {
		if e.Timestamp != want[i].ms || e.Message != fmt.Sprintf("%d \"é\"\n", want[i].n) {
			t.Fatalf("event %d is %d %q, want %v", i, e.Timestamp, e.Message, want[i])
		}
		if got := b.Entries[i]; got.Time != want[i].ms || !strings.Contains(string(b.Fragment(&got)), fmt.Sprintf(`"%d `, want[i].n)) {
			t.Fatalf("entry %d does not stand for its event", i)
		}
	}
}

func TestCutLastKeepsAMillisecondTogether(t *testing.T) {
	b := fill(New(To("g", cwl.Entity{}), "s", service, Memory{}), event(3, "c"), event(1, "a"), event(2, "b"), event(1, "a2"), event(3, "c2"))
	rest := b.CutLast(none)
	if rest == nil {
		t.Fatal("nothing was cut")
	}
	b.Seal()
	rest.Seal()
	if got := fmt.Sprint(decode(t, b.Body()).LogEvents); got != "[{1 a} {1 a2} {2 b}]" {
		t.Errorf("what stays: %s", got)
	}
	if got := fmt.Sprint(decode(t, rest.Body()).LogEvents); got != "[{3 c} {3 c2}]" {
		t.Errorf("what is cut: %s", got)
	}
	if b.Min != 1 || b.Max != 2 || rest.Min != 3 || rest.Max != 3 {
		t.Errorf("times: %d-%d and %d-%d", b.Min, b.Max, rest.Min, rest.Max)
	}
	if b.cost != 4+3*26 || rest.cost != 3+2*26 {
		t.Errorf("costs: %d and %d", b.cost, rest.cost)
	}
}

func TestCutLastLeavesABusyMillisecondAlone(t *testing.T) {
	b := fill(New(To("g", cwl.Entity{}), "s", service, Memory{}), event(1, "a"), event(2, "b"))
	if rest := b.CutLast(none); rest != nil {
		t.Errorf("half of the batch was cut: %d events", rest.Len())
	}
}

func TestMemoryIsUsedAgain(t *testing.T) {
	b := fill(New(To("g", cwl.Entity{}), "s", service, Memory{}), event(1, strings.Repeat("x", 5000)))
	b.Seal()
	b.Body()
	mem := b.Memory()
	n := New(To("g", cwl.Entity{}), "s", service, mem)
	n.Add(event(1, strings.Repeat("y", 5000)), time.Time{})
	if again := n.Memory(); &again.body[0] != &mem.body[0] || &again.entries[:1][0] != &mem.entries[:1][0] {
		t.Error("the next batch did not grow in the memory of the last")
	}
}

func none() Memory { return Memory{} }
