package batch

import (
	"bytes"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// BenchmarkAdd fills batches with events of 289 bytes.
func BenchmarkAdd(b *testing.B) {
	to, born := To("g", cwl.Entity{}), time.Now()
	limits := Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents}
	events := make([]cwl.Event, 225)
	for i := range events {
		events[i] = cwl.Event{Time: born.UnixMilli() + int64(i/40), Stream: "s", Size: 222, Fragment: bytes.Repeat([]byte{'x'}, 289)}
	}
	n := New(to, "s", limits, MakeMemory(limits.Bytes+limits.Bytes/4, 4300))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e := &events[i%len(events)]
		if !n.Fits(e) {
			n = New(to, "s", limits, n.Memory())
		}
		n.Add(e, born)
	}
}
