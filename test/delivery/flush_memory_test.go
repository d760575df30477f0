package delivery_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A program that flushes after each request, with a time-out, goes through an
// outage: who has given up waiting must not be remembered by every batch.
func TestFlushesThatGaveUpTakeNoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const queue = 1 << 20
		h, s := open(t, watchtower.Options{QueueBytes: queue, OnError: func(error) {}})
		s.Faults().Fail("", 503, -1)
		before := heap()
		for range 3000 {
			_ = h.Put(t.Context(), watchtower.Event{Message: "m"})
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			_ = h.Flush(ctx)
			cancel()
		}
		synctest.Wait()
		if grown := int64(heap() - before); grown > queue+8<<20 {
			t.Errorf("%d KiB more are in use, the queue's bound is %d KiB", grown>>10, queue>>10)
		}
		s.Faults().Clear()
	})
}

// heap is the memory in use after a garbage collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // pools are emptied in two steps
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
