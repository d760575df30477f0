package delivery_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// BenchmarkOutageMemory logs 50,000 records a second for as long as an outage of
// a minute lasts, and prints the most memory that the heap and its garbage took
// in that time, in MiB above what it took before. It must stay below QueueBytes
// and 16 MiB, whatever becomes of records that find the queue full; with Block
// the callers stand still. FlushEach gives each record a Flush of its own that
// is given up after a millisecond, Sync has 256 goroutines that wait for
// theirs: neither may make many small batches dearer than a few large ones. One
// round is enough: -benchtime 1x. With -short the outage lasts some seconds.
func BenchmarkOutageMemory(b *testing.B) {
	outage := time.Minute
	if testing.Short() {
		outage = 8 * time.Second
	}
	for _, p := range []struct {
		name string
		opts watchtower.Options
		load load
	}{
		{name: "DropNewest"},
		{name: "DropOldest", opts: watchtower.Options{WhenFull: watchtower.DropOldest}},
		{name: "DropLowestLevel", opts: watchtower.Options{WhenFull: watchtower.DropLowestLevel}},
		{name: "Block", opts: watchtower.Options{WhenFull: watchtower.Block, BlockTimeout: time.Second}},
		{name: "SpoolOnFailure", opts: watchtower.Options{SpoolDir: spooled}},
		{name: "SpoolAlways", opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways}},
		{name: "FlushEach", load: load{after: brieflyFlush}},
		{name: "FlushEachDropOldest", opts: watchtower.Options{WhenFull: watchtower.DropOldest}, load: load{after: brieflyFlush}},
		{name: "FlushEachStreams", opts: watchtower.Options{LogStreamName: "{attr:i}"}, load: load{after: brieflyFlush}},
		{name: "Sync", opts: watchtower.Options{Sync: true, BlockTimeout: 5 * time.Millisecond}, load: load{loggers: 256}},
	} {
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				if p.opts.SpoolDir != "" {
					p.opts.SpoolDir = b.TempDir()
				}
				peak := outageMemory(b, p.opts, outage, p.load.withDefaults())
				b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
				b.ReportMetric(0, "ns/op")
				if most := int64(16<<20 + 16<<20); peak > most {
					b.Errorf("%.1f MiB, want at most %d", float64(peak)/(1<<20), most>>20)
				}
				b.StartTimer()
			}
		})
	}
}

// A load is how records come.
type load struct {
	rate    int // records a second; if zero, 50,000
	loggers int // goroutines; if zero, 4
	after   func(h *watchtower.Handler)
}

func (l load) withDefaults() load {
	l.rate, l.loggers = cmp.Or(l.rate, 50_000), cmp.Or(l.loggers, 4)
	if l.after == nil {
		l.after = func(*watchtower.Handler) {}
	}
	return l
}

func brieflyFlush(h *watchtower.Handler) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_ = h.Flush(ctx)
}

// tooMuch ends a run that has gone wrong before the machine has no memory left.
const tooMuch = 512 << 20

// outageMemory logs under that load while every request fails, and returns the
// peak of the memory in bytes.
func outageMemory(b *testing.B, opts watchtower.Options, outage time.Duration, load load) int64 {
	s := watchtowertest.NewServer(b)
	opts.Client = s.Client(func(o *cloudwatchlogs.Options) {
		o.HTTPClient = &http.Client{Transport: &scripted{do: func(int, *http.Request) (*http.Response, error) { return nil, errors.New("down") }}}
	})
	opts.LogStreamName, opts.OnError = cmp.Or(opts.LogStreamName, "s"), func(error) {}
	h, err := watchtower.New(b.Context(), group, &opts)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	debug.FreeOSMemory()
	before, peak := inUse(), int64(0)
	end := time.Now().Add(outage)
	var over atomic.Bool
	var loggers sync.WaitGroup
	for range load.loggers {
		loggers.Go(func() {
			l := slog.New(h)
			for now := time.Now(); now.Before(end) && !over.Load(); now = time.Now() {
				for i := range max(1, load.rate/load.loggers/100) {
					if time.Now().After(end) || over.Load() {
						break // Block, and Flush, have taken their time
					}
					l.LogAttrs(context.Background(), slog.Level(4*(i%50/48)), "a message of some thirty-eight letters",
						slog.String("method", "GET"), slog.Int("status", 200), slog.Duration("took", 1234567), slog.Int("i", i))
					load.after(h)
				}
				if d := time.Until(now.Add(10 * time.Millisecond)); d > 0 {
					time.Sleep(d)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { loggers.Wait(); close(done) }()
	for tick := time.NewTicker(2 * time.Millisecond); ; {
		select {
		case <-done:
			tick.Stop()
			st := h.Stats()
			b.Logf("%d records, %d dropped, %d on disk, %d pending", st.Accepted, st.Dropped, st.Spooled, st.Pending)
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_ = h.Close(ctx)
			return peak
		case <-tick.C:
			peak = max(peak, inUse()-before)
			over.Store(peak > tooMuch)
		}
	}
}

// inUse is the memory of objects on the heap, those that are dead and not yet
// swept included.
func inUse() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
