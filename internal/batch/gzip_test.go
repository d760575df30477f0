package batch

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// logBody is a PutLogEvents body of about n bytes as JSON records make it.
func logBody(n int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString(`{"logGroupName":"app","logStreamName":"web/1","logEvents":[`)
	for i := 0; b.Len() < n; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"timestamp":%d,"message":"{\"time\":\"2026-01-02T03:04:05.%06dZ\",\"level\":\"INFO\",\"msg\":\"request handled for a customer, all is well\",\"path\":\"/cart/%d\",\"status\":200,\"took\":%d,\"trace\":\"%016x%016x\"}"}`,
			1767323045000+int64(i), i, rng.IntN(100), rng.IntN(1e7), rng.Uint64(), rng.Uint64())
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

func TestGzipIsReadByTheStandardLibrary(t *testing.T) {
	var dst []byte
	for _, n := range []int{minGzip, 10_000, smallGzip, smallGzip + 1, 1 << 20} {
		src := logBody(n)
		var pays bool
		dst, pays = Gzip(dst, src)
		if !pays || len(dst) >= len(src) {
			t.Fatalf("%d bytes: pays %v, %d bytes compressed", len(src), pays, len(dst))
		}
		r, err := stdgzip.NewReader(bytes.NewReader(dst))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, src) {
			t.Fatalf("%d bytes: read back %d bytes, error %v", len(src), len(got), err)
		}
	}
}

func TestGzipDoesNotPay(t *testing.T) {
	noise := make([]byte, 64<<10)
	rng := rand.NewChaCha8([32]byte{1})
	_, _ = rng.Read(noise)
	for name, src := range map[string][]byte{"empty": nil, "short": logBody(100), "noise": noise} {
		if _, pays := Gzip(nil, src); pays {
			t.Errorf("%s: %d bytes are said to gain", name, len(src))
		}
	}
}

func TestGzipUsesTheGivenBuffer(t *testing.T) {
	src := logBody(100_000)
	dst := make([]byte, 5, len(src))
	out, pays := Gzip(dst, src)
	if !pays || &out[0] != &dst[0] {
		t.Fatalf("pays %v, a new buffer although %d bytes were enough for %d", pays, cap(dst), len(out))
	}
}

func TestGzipFromManyGoroutines(t *testing.T) {
	src := logBody(50_000)
	want, _ := Gzip(nil, src)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var dst []byte
			for range 20 {
				dst, _ = Gzip(dst, src)
				if !bytes.Equal(dst, want) {
					t.Error("another result")
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkGzip(b *testing.B) {
	for _, n := range []int{minGzip, 4 << 10, 64 << 10, 1 << 20} {
		src := logBody(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var dst []byte
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = Gzip(dst, src)
			}
			b.ReportMetric(float64(len(src))/float64(len(dst)), "ratio")
		})
	}
}

// Level 1 has tables of 800 KiB, which a garbage collection takes from the pool.
func TestASmallBodyIsCompressedInLittleMemory(t *testing.T) {
	src := logBody(8 << 10)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // pools are emptied in two steps
	runtime.ReadMemStats(&before)
	if _, pays := Gzip(nil, src); !pays {
		t.Error("it does not pay")
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 400<<10 {
		t.Errorf("%d KiB for a body of 8", n>>10)
	}
}
