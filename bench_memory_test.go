package watchtower_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
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
// the callers stand still. One round is enough: -benchtime 1x. With -short the
// outage lasts some seconds.
func BenchmarkOutageMemory(b *testing.B) {
	outage := time.Minute
	if testing.Short() {
		outage = 8 * time.Second
	}
	for _, p := range []struct {
		name string
		opts watchtower.Options
	}{
		{"DropNewest", watchtower.Options{}},
		{"DropOldest", watchtower.Options{WhenFull: watchtower.DropOldest}},
		{"DropLowestLevel", watchtower.Options{WhenFull: watchtower.DropLowestLevel}},
		{"Block", watchtower.Options{WhenFull: watchtower.Block, BlockTimeout: time.Second}},
		{"SpoolOnFailure", watchtower.Options{SpoolDir: spooled}},
		{"SpoolAlways", watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways}},
	} {
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				if p.opts.SpoolDir != "" {
					p.opts.SpoolDir = b.TempDir()
				}
				peak := outageMemory(b, p.opts, outage, 50_000)
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

// outageMemory logs at that rate while every request fails, and returns the peak
// of the memory in bytes.
func outageMemory(b *testing.B, opts watchtower.Options, outage time.Duration, rate int) int64 {
	s := watchtowertest.NewServer(b)
	opts.Client = s.Client(func(o *cloudwatchlogs.Options) {
		o.HTTPClient = &http.Client{Transport: &scripted{do: func(int, *http.Request) (*http.Response, error) { return nil, errors.New("down") }}}
	})
	opts.LogStreamName, opts.OnError = "s", func(error) {}
	h, err := watchtower.New(b.Context(), group, &opts)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	debug.FreeOSMemory()
	before, peak := inUse(), int64(0)
	end := time.Now().Add(outage)
	var loggers sync.WaitGroup
	for range 4 {
		loggers.Go(func() {
			l := slog.New(h)
			for now := time.Now(); now.Before(end); now = time.Now() {
				for i := range rate / 4 / 100 {
					if time.Now().After(end) {
						break // Block has taken its time
					}
					l.LogAttrs(context.Background(), slog.Level(4*(i%50/48)), "a message of some thirty-eight letters",
						slog.String("method", "GET"), slog.Int("status", 200), slog.Duration("took", 1234567), slog.Int("i", i))
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
