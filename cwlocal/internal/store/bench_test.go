package store

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

// logLines are a put of the largest size: lines such as a web service logs.
func logLines(at int64) (events []Event) {
	for cost, i := 0, 0; ; i++ {
		m := fmt.Sprintf(`{"time":"2026-01-02T15:04:%02d.%03dZ","level":"INFO","msg":"request","method":"GET","path":"/api/v1/items/%d","status":%d,"duration_ms":%d,"request_id":"%016x"}`,
			i/1000%60, i%1000, i*7919%10007, 200+i%5, i*31%997, uint64(i+1)*0x9e3779b97f4a7c15)
		if cost += len(m) + EventOverhead; cost > blockCost {
			return events
		}
		events = append(events, Event{Time: at + int64(i/10), Message: []byte(m)})
	}
}

func benchStore(b *testing.B, dir string) (*Store, GroupKey) {
	s, err := Open(Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	k := GroupKey{"us-east-1", "bench"}
	if err := s.CreateGroup(Group{GroupKey: k}); err != nil {
		b.Fatal(err)
	}
	return s, k
}

func eachKind(b *testing.B, run func(b *testing.B, dir string)) {
	b.Run("memory", func(b *testing.B) { run(b, "") })
	b.Run("disk", func(b *testing.B) { run(b, b.TempDir()) })
}

// BenchmarkAppendLarge is puts of 1 MiB from as many clients as there are processors.
func BenchmarkAppendLarge(b *testing.B) {
	eachKind(b, func(b *testing.B, dir string) {
		s, k := benchStore(b, dir)
		events := logLines(1_700_000_000_000)
		b.SetBytes(blockCost)
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			name := fmt.Sprint(n.Add(1))
			s.CreateStream(k, name, 0)
			for pb.Next() {
				if err := s.Append(k, name, 1, events); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// BenchmarkAppendSmall is puts of ten lines from 64 clients.
func BenchmarkAppendSmall(b *testing.B) {
	eachKind(b, func(b *testing.B, dir string) {
		s, k := benchStore(b, dir)
		events := logLines(1_700_000_000_000)[:10]
		b.SetParallelism(32)
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			name := fmt.Sprint(n.Add(1))
			s.CreateStream(k, name, 0)
			for pb.Next() {
				if err := s.Append(k, name, 1, events); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(s.Stats().Puts)/b.Elapsed().Seconds(), "puts/s")
		b.ReportMetric(float64(s.Stats().Commits)/float64(s.Stats().Puts), "commits/put")
	})
}

// BenchmarkRead pages through a stream as GetLogEvents does.
func BenchmarkRead(b *testing.B) {
	eachKind(b, func(b *testing.B, dir string) {
		s, k := benchStore(b, dir)
		s.CreateStream(k, "s", 0)
		for i := range int64(64) {
			if err := s.Append(k, "s", 1, logLines(1_700_000_000_000+i*1000)); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(64 << 20)
		for b.Loop() {
			r := Range{MaxEvents: 10_000, MaxBytes: 1 << 20}
			for more := true; more; {
				var page []Event
				var err error
				if page, more, err = s.Read(k, "s", r); err != nil {
					b.Fatal(err)
				}
				r.From = page[len(page)-1].Cursor()
			}
		}
	})
}

// BenchmarkOpenMemory is what every test that starts a server pays.
func BenchmarkOpenMemory(b *testing.B) {
	for b.Loop() {
		s, err := Open(Options{})
		if err != nil {
			b.Fatal(err)
		}
		s.Append(GroupKey{}, strings.Repeat("x", 3), 0, nil)
		s.Close()
	}
}
