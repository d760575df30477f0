package spool

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A fragment as long as that of the record that the project measures with.
var benchEvents = []cwl.Event{{
	Time: 1_700_000_000_000, Stream: "host/app", Size: 222,
	Fragment: bytes.Repeat([]byte("x"), 289),
}}

// BenchmarkAppend says what an event costs in processor time and how many go
// into one write. BenchmarkWrite is what to compare it with: the time of a
// write(2) differs more between machines and file systems than anything here.
func BenchmarkAppend(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("goroutines=%d", callers), func(b *testing.B) {
			var writes atomic.Int64
			fsys := &hookFS{FS: disk{}, write: func() error { writes.Add(1); return nil }}
			s := open(b, Options{Dir: b.TempDir(), MaxBytes: 64 << 30, FS: fsys})
			b.ReportAllocs()
			b.ResetTimer()
			before := cpuTime()
			var all sync.WaitGroup
			for w := range callers {
				all.Go(func() {
					for range (b.N + w) / callers {
						if err := s.Append(benchEvents); err != nil { // add would look up its caller
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(b.N)/float64(writes.Load()), "events/write")
		})
	}
}

// BenchmarkWrite appends frames to a file, as many at once as it is named for.
func BenchmarkWrite(b *testing.B) {
	for _, events := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("events=%d", events), func(b *testing.B) {
			f, err := os.Create(filepath.Join(b.TempDir(), "file"))
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			frames := bytes.Repeat(appendFrame(nil, benchEvents), events)
			b.ResetTimer()
			before := cpuTime()
			for i := 0; i < b.N; i += events {
				if _, err := f.WriteAt(frames, int64(i*len(frames)/events)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	s := open(b, Options{Dir: b.TempDir(), MaxBytes: 64 << 30})
	for range b.N {
		add(b, s, benchEvents...)
	}
	b.SetBytes(289)
	b.ReportAllocs()
	b.ResetTimer()
	n, err := s.Read(math.MaxInt, func(*cwl.Event, Position, Mark) bool { return true })
	if n != b.N || err != nil {
		b.Fatal(n, err)
	}
}
