package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// filled is a stage whose queue has been filled while the service is away, and
// what the heap was before.
func filled(t *testing.T, size int) (st *stage, before uint64) {
	st = newStage(t, watchtower.Options{Fallback: slog.DiscardHandler})
	st.network(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })
	before = heap()
	text := strings.Repeat("x", size)
	for range 20 << 20 / (size + 200) {
		_ = st.Put(t.Context(), watchtower.Event{Message: text})
		<-time.After(time.Millisecond)
	}
	return st, before
}

func TestAHandlerThatIsClosedKeepsNoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, before := filled(t, 400)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_ = st.Close(ctx)
		synctest.Wait()
		if grown := (int64(heap()) - int64(before)) >> 20; grown > 1 {
			t.Errorf("%d MiB are held", grown)
		}
	})
}

// In an outage of an hour all that was accepted comes to be in batches.
func TestInAnOutageNoMemoryIsKeptBesideTheQueues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, before := filled(t, 400)
		<-time.After(time.Hour)
		if grown := (int64(heap()) - int64(before)) >> 20; grown > 16 {
			t.Errorf("%d MiB are held for a queue of 16 MiB", grown)
		}
		st.stop()
	})
}

// Two of these don't fit into a chunk.
func TestLargeRecordsTakeLittleMoreThanTheirRoomInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, before := filled(t, 33_000)
		if grown := (int64(heap()) - int64(before)) >> 20; grown > 22 {
			t.Errorf("%d MiB are held for a queue of 16 MiB", grown)
		}
		st.stop()
	})
}
