package watchtower_test

import (
	"fmt"
	"log/slog"
	"runtime"
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

func TestTenThousandNamesLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts := watchtower.Options{LogStreamName: "{attr:tenant}", MaxStreams: 20_000, WhenFull: watchtower.Block}
		h := toSinkWith(t, opts)
		round := func(from, n int) {
			for i := from; i < from+n; i++ {
				h.Handle(t.Context(), named(i))
			}
		}
		names := 10_000
		if raceEnabled {
			names = 2000
		}
		round(0, 1)
		flush(t, h)
		<-time.After(time.Hour)
		before := heap()
		goroutines := runtime.NumGoroutine()
		round(1, names)
		if n := runtime.NumGoroutine(); n > goroutines+20 {
			t.Errorf("%d goroutines for %d names, %d before", n, names, goroutines)
		}
		flush(t, h)
		<-time.After(time.Hour) // idle streams are given up
		if after := heap(); after > before+1<<20 {
			t.Errorf("heap of %d KiB after %d names, %d KiB before", after>>10, names, before>>10)
		}
		if st := h.Stats(); st.Delivered != int64(names)+1 {
			t.Errorf("%+v", st)
		}
	})
}

// named is a record of a tenant of its own.
func named(i int) slog.Record {
	r := slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.String("tenant", fmt.Sprint("tenant-", i)))
	return r
}

// heap is the memory in use after a garbage collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // pools are emptied in two steps
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
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
