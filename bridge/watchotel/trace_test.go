package watchotel_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/trace"

	"github.com/watchtower-go/watchtower/bridge/watchotel"
)

// inSpan returns a context with the span of the W3C specification's example.
func inSpan(ctx context.Context, flags trace.TraceFlags) context.Context {
	traceID, _ := trace.TraceIDFromHex("5d77f25619f12e4eaa02e3f76c78f46a")
	spanID, _ := trace.SpanIDFromHex("1ce7df03252d99e1")
	return trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: spanID, TraceFlags: flags,
	}))
}

func TestContextAttrsAreTheIDsOfTheSpan(t *testing.T) {
	for flags, text := range map[trace.TraceFlags]string{0: "00", 1: "01", 3: "03"} {
		got := map[string]string{}
		for _, a := range watchotel.ContextAttrs(inSpan(t.Context(), flags)) {
			got[a.Key] = a.Value.String()
		}
		want := map[string]string{
			"trace_id":      "5d77f25619f12e4eaa02e3f76c78f46a",
			"span_id":       "1ce7df03252d99e1",
			"trace_flags":   text,
			"xray_trace_id": "1-5d77f256-19f12e4eaa02e3f76c78f46a",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestNoSpanNoAttrs(t *testing.T) {
	half := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}}))
	for _, ctx := range []context.Context{t.Context(), half} {
		if got := watchotel.ContextAttrs(ctx); got != nil {
			t.Errorf("%v", got)
		}
	}
}

func TestNoSpanCostsNoAllocation(t *testing.T) {
	var kept []slog.Attr
	for ctx, want := range map[context.Context]float64{t.Context(): 0, inSpan(t.Context(), 1): 3} { // the ids, the slice, the span's context
		if got := testing.AllocsPerRun(100, func() { kept = watchotel.ContextAttrs(ctx) }); got > want {
			t.Errorf("%v allocations for %v, want %v at most", got, kept, want)
		}
	}
}
