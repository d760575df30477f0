package cwlocal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A sink is a client that reads at once and keeps nothing.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { s.bytes += len(p); return len(p), nil }

// BenchmarkPageOf10000 is a full page of small events, through the handler.
func BenchmarkPageOf10000(b *testing.B) {
	l := newLab(b)
	l.stream()
	start := time.Now().UnixMilli()
	var events []string
	for i := range 10_000 {
		events = append(events, event(start+int64(i/10), fmt.Sprintf(`{"level":"INFO","msg":"request served","id":%d,"path":"/a"}`, i)))
	}
	if got := l.put(events...); !strings.HasPrefix(got, `{"next`) {
		b.Fatal(got)
	}
	for op, more := range map[string]string{"GetLogEvents": `,"logStreamName":"s","startFromHead":true}`, "FilterLogEvents": `}`} {
		b.Run(op, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := &sink{header: http.Header{}}
				l.ServeHTTP(w, request(op, `{"logGroupName":"g"`+more))
				if w.status != http.StatusOK {
					b.Fatal(w.status)
				}
				b.SetBytes(int64(w.bytes))
			}
			b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "events/s")
		})
	}
}
