package encode

import (
	"context"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"
)

// benchRecord is the record that the project measures with: a message of 38
// characters, five attributes.
func benchRecord() slog.Record {
	r := slog.NewRecord(time.Now(), slog.LevelInfo, "request handled by the billing service", 0)
	r.AddAttrs(
		slog.String("method", "GET"),
		slog.Int("status", 200),
		slog.Duration("elapsed", 1234567*time.Nanosecond),
		slog.Bool("cached", true),
		slog.String("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"),
	)
	return r
}

func benchmarkRecord(b *testing.B, e *Encoder) {
	r := benchRecord()
	b.ReportAllocs()
	for b.Loop() {
		r.Time = r.Time.Add(1234 * time.Microsecond) // a second now and then
		buf := Get()
		_ = e.Record(buf, r)
		buf.Free()
	}
}

func benchmarkHandler(b *testing.B, h slog.Handler) {
	r := benchRecord()
	b.ReportAllocs()
	for b.Loop() {
		r.Time = r.Time.Add(1234 * time.Microsecond)
		_ = h.Handle(context.Background(), r)
	}
}

func BenchmarkJSON5Attrs(b *testing.B) { benchmarkRecord(b, New(Options{})) }

func BenchmarkJSON5AttrsSlog(b *testing.B) {
	benchmarkHandler(b, slog.NewJSONHandler(io.Discard, nil))
}

func BenchmarkText5Attrs(b *testing.B) { benchmarkRecord(b, New(Options{Format: Text})) }

func BenchmarkText5AttrsSlog(b *testing.B) {
	benchmarkHandler(b, slog.NewTextHandler(io.Discard, nil))
}

func BenchmarkJSONSource(b *testing.B) {
	var pcs [1]uintptr
	runtime.Callers(1, pcs[:])
	e := New(Options{AddSource: true})
	r := benchRecord()
	r.PC = pcs[0]
	b.ReportAllocs()
	for b.Loop() {
		buf := Get()
		_ = e.Record(buf, r)
		buf.Free()
	}
}

func BenchmarkJSONWith(b *testing.B) {
	e := New(Options{Capture: []string{"tenant"}, LoggerKey: "logger"}).Named("app.db").
		WithAttrs([]slog.Attr{slog.String("tenant", "acme"), slog.Int("shard", 7)}).WithGroup("request")
	benchmarkRecord(b, e)
}

func BenchmarkFormatter(b *testing.B) {
	benchmarkRecord(b, New(Options{NewFormatter: func(w io.Writer) slog.Handler {
		return slog.NewJSONHandler(w, nil)
	}}))
}

// BenchmarkLine escapes a finished JSON line of 222 bytes.
func BenchmarkLine(b *testing.B) {
	var s strings.Builder
	_ = slog.NewJSONHandler(&s, nil).Handle(context.Background(), benchRecord())
	msg := []byte(strings.TrimSpace(s.String()))
	e := New(Options{})
	now := time.Now()
	b.SetBytes(int64(len(msg)))
	b.ReportAllocs()
	for b.Loop() {
		buf := Get()
		_ = e.Line(buf, now, slog.LevelInfo, msg)
		buf.Free()
	}
}
