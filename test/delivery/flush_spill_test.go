package delivery_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// What somebody waits for may flow over to the disk while they do.
func TestFlushWaitsForWhatFlowsOverToTheDiskMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), QueueBytes: small, ErrorReserve: -1, MaxInFlight: 1, FlushInterval: time.Millisecond, NoCompression: true,
		})
		create(t, st.server, "s")
		st.network(func(*http.Request) (*http.Response, error) { <-time.After(time.Second); return nil, nil })
		fill := func(n int) {
			for range n {
				st.put(watchtower.Event{Message: "m" + strings.Repeat("x", 1000+len(st.logged))})
			}
		}
		fill(40) // more than batches may hold of the queue, and less than it holds
		<-time.After(10 * time.Millisecond)
		before := st.Stats()
		flushed := make(chan watchtower.Stats)
		go func() {
			if err := st.Flush(context.Background()); err != nil {
				t.Error(err)
			}
			flushed <- st.Stats()
		}()
		synctest.Wait()
		fill(30)
		if s := <-flushed; s.Delivered < before.Accepted {
			t.Errorf("Flush returned when %d records of %d were delivered: %+v", s.Delivered, before.Accepted, s)
		}
	})
}
