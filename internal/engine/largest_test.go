package engine

import (
	"fmt"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/queue"
)

// With many streams a full queue must not mean one small request for each.
func TestOnlyTheLargestBatchesMakeRoom(t *testing.T) {
	o := newOwner(&Engine{
		cfg:   Config{Window: 4, MaxStreams: 200, Limits: Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents}},
		queue: queue.New(Queue{Bytes: 1 << 20}),
	})
	for i := range 100 {
		m := message("m")
		m.Stream = fmt.Sprint("s", i)
		for range 1 + i {
			o.add(&m, time.Now())
		}
	}
	o.sealLargest()
	if n := len(o.waiting); n < 2*o.window.size || n > 10 {
		t.Fatalf("%d of 100 batches make room", n)
	}
	sealed := 0
	for i, s := range o.waiting {
		sealed += s.cost
		if want := fmt.Sprint("s", 99-i); s.stream.name != want {
			t.Errorf("%s makes room, not %s", s.stream.name, want)
		}
	}
	if sealed < o.held/16 {
		t.Errorf("%d of %d bytes are not much", sealed, o.held)
	}
}

// While the queue stays nearly full, and one request at a time empties it, a
// stream that logs little must have its turn, too.
func TestSmallBatchesThatAreDueLeaveBesideTheLargest(t *testing.T) {
	o := newOwner(&Engine{
		cfg:   Config{Window: 1, MaxStreams: 200, FlushInterval: time.Second, Limits: Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents}},
		queue: queue.New(Queue{Bytes: 1 << 20}),
	})
	small := message("m")
	small.Stream = "small"
	o.add(&small, o.now)
	o.now = o.now.Add(time.Second)
	for i := range 100 {
		m := message("m")
		m.Stream = fmt.Sprint("s", i)
		for range 10 {
			o.add(&m, o.now)
		}
	}
	o.sealLargest()
	if o.waiting[0].stream.name != "small" {
		t.Errorf("%s leaves first, though another is due", o.waiting[0].stream.name)
	}
	if n := len(o.waiting); n < 3 {
		t.Errorf("%d batches make room", n)
	}
}

// Who waits for a record is not put off because the queue is nearly full.
func TestWhatSomebodyWaitsForLeavesBesideTheLargest(t *testing.T) {
	const bound = 1 << 20
	o := newOwner(&Engine{
		cfg:   Config{Window: 1, MaxStreams: 200, FlushInterval: time.Second, Limits: Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents}},
		queue: queue.New(Queue{Bytes: bound}),
	})
	for i := range 100 {
		m := message("m")
		m.Stream = fmt.Sprint("s", i)
		o.add(&m, o.now)
	}
	o.queue.Charge(bound)
	o.urgent = true
	o.take(false)
	o.hurry()
	if n := len(o.opened); n > 0 {
		t.Errorf("%d batches stay open, and somebody waits for what is in them", n)
	}
}
