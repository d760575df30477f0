package watchtower_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

func TestABusyStreamDoesNotFeedItsMemoryToQuietOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := toSinkWith(t, watchtower.Options{LogStreamName: "{logger_name}", FlushInterval: time.Hour, WhenFull: watchtower.Block, NoCompression: true})
		put := func(stream, text string) {
			if err := h.Named(stream).Put(t.Context(), watchtower.Event{Message: text}); err != nil {
				t.Fatal(err)
			}
		}
		big := strings.Repeat("x", 1<<20-1000)
		before := heap()
		for i := range 60 {
			put("busy", big)
			put("busy", big) // the one before is sent
			put(fmt.Sprint("quiet-", i), "m")
			synctest.Wait()
			<-time.After(time.Millisecond)
		}
		if grown := (int64(heap()) - int64(before)) >> 20; grown > 30 {
			t.Errorf("%d MiB are held, for 60 small events and a queue of 16 MiB", grown)
		}
		flush(t, h)
	})
}

func TestStreamsThatWereBusyHoldNoMemoryForBatchesToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := toSinkWith(t, watchtower.Options{LogStreamName: "{logger_name}", FlushInterval: time.Hour, WhenFull: watchtower.Block, NoCompression: true})
		put := func(i int, text string) {
			if err := h.Named(fmt.Sprint(i)).Put(t.Context(), watchtower.Event{Message: text}); err != nil {
				t.Fatal(err)
			}
		}
		before := heap()
		for i := range 60 {
			put(i, strings.Repeat("x", 1<<20-1000))
			flush(t, h)
		}
		for i := range 60 {
			put(i, strings.Repeat("x", 30_000)) // so much that the owner takes them
		}
		synctest.Wait()
		if grown := (int64(heap()) - int64(before)) >> 20; grown > 16 {
			t.Errorf("%d MiB are held, for 60 events of 30 KB", grown)
		}
		flush(t, h)
	})
}
