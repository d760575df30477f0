package delivery_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// The service takes less than is logged. Flush waits for what was accepted
// before it, and not for the end of the flood.
func TestFlushDoesNotWaitForWhatComesToTheDiskLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, QueueBytes: small, MaxInFlight: 1})
		create(t, st.server, "s")
		if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultDelay, Operation: put, Delay: time.Second}); err != nil {
			t.Fatal(err)
		}
		n := 0
		second := func() {
			for range 500 {
				st.Put(t.Context(), watchtower.Event{Message: fmt.Sprint("m", n) + strings.Repeat("x", 1000)})
				n++
			}
		}
		second()
		second()
		var settled, flushed time.Duration // from the call of Flush on
		begin, done := time.Now(), make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		go func() {
			defer close(done)
			st.Flush(ctx)
			flushed = time.Since(begin)
		}()
		for settled == 0 || time.Since(begin) < settled+15*time.Second { // the flood ends after the time that Flush has
			<-time.After(time.Second)
			if settled == 0 && st.Stats().Delivered >= 1000 {
				settled = time.Since(begin)
			}
			second()
		}
		<-done
		st.server.Faults().Clear()
		if flushed > settled+10*time.Second {
			t.Errorf("what was accepted before Flush was delivered after %v, Flush came back after %v", settled, flushed)
		}
		<-time.After(time.Minute)
	})
}
