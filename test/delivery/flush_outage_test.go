package delivery_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// An outage ends with a few full batches, also for a program that flushes after
// each record: ten thousand hosts come back together.
func TestFlushesInAnOutageDoNotEndInABatchEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{OnError: func(error) {}})
		s.Faults().Fail("", 503, -1)
		for range 300 {
			_ = h.Put(t.Context(), watchtower.Event{Message: "m"})
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			_ = h.Flush(ctx)
			cancel()
		}
		s.Faults().Clear()
		flush(t, h)
		if st := h.Stats(); st.Delivered != 300 || st.Sends > 20 {
			t.Errorf("%d records were delivered with %d requests after the outage", st.Delivered, st.Sends)
		}
	})
}
