package spool

import (
	"bytes"
	"sync"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A fragment as long as that of the project's measured record.
var fragment289 = bytes.Repeat([]byte("x"), 289)

func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name    string
		callers int
	}{{"1", 1}, {"8", 8}} {
		b.Run("goroutines="+c.name, func(b *testing.B) {
			s := open(b, Options{Dir: b.TempDir(), MaxBytes: 64 << 30})
			b.SetBytes(289)
			b.ReportAllocs()
			b.ResetTimer()
			var callers sync.WaitGroup
			for w := range c.callers {
				callers.Go(func() {
					events := []cwl.Event{{Time: 1_700_000_000_000, Stream: "host/app", Fragment: fragment289, Size: 222}}
					for range (b.N + w) / c.callers {
						if err := s.Append(events); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			callers.Wait()
		})
	}
}

func BenchmarkRead(b *testing.B) {
	s := open(b, Options{Dir: b.TempDir(), MaxBytes: 64 << 30})
	events := []cwl.Event{{Time: 1_700_000_000_000, Stream: "host/app", Fragment: fragment289, Size: 222}}
	for range b.N {
		add(b, s, events...)
	}
	b.SetBytes(289)
	b.ReportAllocs()
	b.ResetTimer()
	n, err := s.Read(1<<50, func(*cwl.Event, Position, Mark) bool { return true })
	if n != b.N || err != nil {
		b.Fatal(n, err)
	}
}
