package queue

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// BenchmarkPut puts events of 289 bytes and takes them out again.
func BenchmarkPut(b *testing.B) {
	for _, k := range []struct {
		name   string
		policy Policy
	}{{"Block", Block}, {"DropLowestLevel", DropLowestLevel}} {
		b.Run(k.name, func(b *testing.B) {
			q := New(Config{Bytes: 16 << 20, Policy: k.policy})
			events := []cwl.Event{{Time: 1, Stream: "s", Size: 222, Fragment: bytes.Repeat([]byte{'x'}, 289)}}
			cost := Cost(&events[0])
			b.ReportAllocs()
			for b.Loop() {
				if _, err := q.Put(context.Background(), events, false); err != nil {
					b.Fatal(err)
				}
				select {
				case <-q.Wake():
					t, n := q.Take(false, 1<<20), 0
					t.Each(func(*cwl.Event, time.Time) { n++ })
					t.Recycle(q)
					q.Release(n * cost)
				default:
				}
			}
		})
	}
}
