package watchotel

import (
	"context"
	"encoding/hex"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// Fields of [ContextAttrs]. The first three are those that OpenTelemetry names
// for logs of other formats ("Trace Context in non-OTLP Log Formats"), and those by
// which Application Signals finds the logs of a trace (CloudWatch User Guide, "Enable
// trace to log correlation"); the last one is called as in AWS's Powertools.
const (
	// TraceIDKey is the trace, in 32 hexadecimal digits.
	TraceIDKey = "trace_id"
	// SpanIDKey is the span, in 16 hexadecimal digits.
	SpanIDKey = "span_id"
	// TraceFlagsKey is the flags of the trace, in two hexadecimal digits: 01 if
	// it is sampled, else 00.
	TraceFlagsKey = "trace_flags"
	// XRayTraceIDKey is the trace as AWS X-Ray writes it: a version, the first
	// 8 digits, the other 24, as in 1-5d77f256-19f12e4eaa02e3f76c78f46a.
	XRayTraceIDKey = "xray_trace_id"
)

// Where the ids stand in the text that has them all.
const (
	traceLen = 2 * len(trace.TraceID{})
	spanLen  = 2 * len(trace.SpanID{})
	xrayLen  = len("1-") + 8 + len("-") + traceLen - 8
)

// ContextAttrs returns the ids of the span in ctx as attributes, or nil where
// there is none. It is meant for ContextAttrs of watchtower.Options; records
// that are logged with a context (slog.InfoContext, and so on) have them then.
//
// The id has two forms: the console of CloudWatch and X-Ray finds the records of a
// trace by the text of X-Ray's, in the log groups that the trace names (its
// resource attribute aws.log.group.names); other tools know OpenTelemetry's.
func ContextAttrs(ctx context.Context) []slog.Attr {
	span := trace.SpanContextFromContext(ctx)
	if !span.IsValid() {
		return nil
	}
	id, spanID := span.TraceID(), span.SpanID()
	var text [traceLen + spanLen + xrayLen]byte
	hex.Encode(text[:], id[:])
	hex.Encode(text[traceLen:], spanID[:])
	xray := append(text[:traceLen+spanLen], "1-"...)
	xray = append(append(xray, text[:8]...), '-')
	copy(text[len(xray):], text[8:traceLen])
	all := string(text[:]) // one allocation for all ids
	return []slog.Attr{
		slog.String(TraceIDKey, all[:traceLen]),
		slog.String(SpanIDKey, all[traceLen:traceLen+spanLen]),
		slog.String(TraceFlagsKey, flags(span.TraceFlags())),
		slog.String(XRayTraceIDKey, all[traceLen+spanLen:]),
	}
}

// flags writes the flags of a trace; nearly all have one of two values.
func flags(f trace.TraceFlags) string {
	switch f {
	case 0:
		return "00"
	case trace.FlagsSampled:
		return "01"
	}
	return f.String()
}
