package engine

import (
	"bytes"
	"context"
	"math"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/queue"
)

// BenchmarkTake puts a chunk of 225 events of one stream, 289 bytes each, into batches.
func BenchmarkTake(b *testing.B) {
	o := newOwner(&Engine{
		cfg:   Config{Window: 4, MaxStreams: 4, Limits: Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents}},
		queue: queue.New(Queue{Bytes: 16 << 20}),
	})
	e := cwl.Event{Time: time.Now().UnixMilli(), Stream: "s", Size: 222, Fragment: bytes.Repeat([]byte{'x'}, 289)}
	for range 225 {
		if _, err := o.queue.Put(context.Background(), []cwl.Event{e}, false); err != nil {
			b.Fatal(err)
		}
	}
	t := o.queue.Take(true, math.MaxInt)
	for b.Loop() {
		t.Each(o.add)
		for _, s := range o.waiting { // as if it were sent and settled
			s.stream.unsettled = nil
			o.reclaim(s.batch)
		}
		o.waiting, o.held = o.waiting[:0], 0
	}
}
