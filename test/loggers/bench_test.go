package loggers

import (
	"bytes"
	"context"
	"io"
	"log"
	"log/slog"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/hashicorp/go-hclog"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	oteltrace "go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhclog"
	"github.com/watchtower-go/watchtower/bridge/watchlogrus"
	"github.com/watchtower-go/watchtower/bridge/watchotel"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
	"github.com/watchtower-go/watchtower/bridge/watchzerolog"
)

// nowhere is a service that answers every request with success and keeps nothing.
type nowhere struct{}

func (nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(`{}`))),
	}, nil
}

// open returns a handler that loses none, so that every call is paid for in full,
// delivery included.
func open(b *testing.B) *watchtower.Handler { return openWith(b, watchtower.Options{}) }

func openWith(b *testing.B, opts watchtower.Options) *watchtower.Handler {
	b.Helper()
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: nowhere{}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "k", SecretAccessKey: "s"}, nil
		}),
	})
	opts.Client, opts.LogStreamName, opts.WhenFull = client, "s", watchtower.Block
	h, err := watchtower.New(b.Context(), "g", &opts)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := h.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return h
}

const (
	message = "a message of some thirty-eight letters"
	trace   = "0123456789abcdef0123456789abcdef"
)

// run measures one call.
func run(b *testing.B, name string, call func()) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			call()
		}
	})
}

// Each of them logs the message with the same five fields, and the time. "watchtower"
// pays for all of it, down to the compressed body of the request; "discard" is the
// logger's own JSON (for package log its text), written to nowhere.

func BenchmarkSlog(b *testing.B) {
	call := func(h slog.Handler) func() {
		l := slog.New(h)
		return func() {
			l.LogAttrs(context.Background(), slog.LevelInfo, message, slog.String("method", "GET"), slog.Int("status", 200),
				slog.Duration("took", 1234567), slog.Bool("cached", true), slog.String("trace_id", trace))
		}
	}
	run(b, "watchtower", call(open(b)))
	run(b, "discard", call(slog.NewJSONHandler(io.Discard, nil)))
}

// With the ids of a span, which come from the context.
func BenchmarkTrace(b *testing.B) {
	ctx := oteltrace.ContextWithSpanContext(b.Context(), oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
		TraceID: oteltrace.TraceID{1}, SpanID: oteltrace.SpanID{2}, TraceFlags: oteltrace.FlagsSampled,
	}))
	call := func(h slog.Handler) func() {
		l := slog.New(h)
		return func() {
			l.LogAttrs(ctx, slog.LevelInfo, message, slog.String("method", "GET"), slog.Int("status", 200),
				slog.Duration("took", 1234567), slog.Bool("cached", true))
		}
	}
	run(b, "watchtower", call(openWith(b, watchtower.Options{ContextAttrs: watchotel.ContextAttrs})))
	run(b, "discard", call(traced{slog.NewJSONHandler(io.Discard, nil)}))
}

// traced adds the ids of a span, as a program does for a handler that knows none.
type traced struct{ slog.Handler }

func (h traced) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(watchotel.ContextAttrs(ctx)...)
	return h.Handler.Handle(ctx, r)
}

func BenchmarkLog(b *testing.B) {
	call := func(w io.Writer) func() {
		l := log.New(w, "", log.LstdFlags)
		return func() {
			l.Printf("%s method=GET status=%d took=%d cached=%t trace_id=%s", message, 200, 1234567, true, trace)
		}
	}
	run(b, "watchtower", call(open(b).Writer()))
	run(b, "discard", call(nothing{})) // for io.Discard it does not even format
}

func BenchmarkZap(b *testing.B) {
	call := func(c zapcore.Core) func() {
		l := zap.New(c)
		return func() {
			l.Info(message, zap.String("method", "GET"), zap.Int("status", 200),
				zap.Duration("took", 1234567), zap.Bool("cached", true), zap.String("trace_id", trace))
		}
	}
	json := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	run(b, "watchtower", call(watchzap.New(open(b), nil)))
	run(b, "encoder", call(watchzap.New(open(b), &watchzap.Options{Encoder: json})))
	run(b, "discard", call(zapcore.NewCore(json, zapcore.AddSync(io.Discard), zapcore.InfoLevel)))
}

func BenchmarkZerolog(b *testing.B) {
	call := func(w io.Writer) func() {
		l := zerolog.New(w).With().Timestamp().Logger()
		return func() {
			l.Info().Str("method", "GET").Int("status", 200).
				Dur("took", 1234567).Bool("cached", true).Str("trace_id", trace).Msg(message)
		}
	}
	run(b, "watchtower", call(watchzerolog.New(open(b), nil)))
	run(b, "discard", call(io.Discard))
}

func BenchmarkLogrus(b *testing.B) {
	call := func(hook logrus.Hook, out io.Writer) func() {
		l := logrus.New()
		l.SetOutput(out)
		l.SetFormatter(silent{})
		if hook != nil {
			l.AddHook(hook)
		} else {
			l.SetFormatter(new(logrus.JSONFormatter))
		}
		return func() {
			l.WithFields(logrus.Fields{"method": "GET", "status": 200, "took": 1234567, "cached": true, "trace_id": trace}).Info(message)
		}
	}
	run(b, "watchtower", call(watchlogrus.New(open(b), nil), io.Discard))
	run(b, "formatter", call(watchlogrus.New(open(b), &watchlogrus.Options{Formatter: new(logrus.JSONFormatter)}), io.Discard))
	run(b, "discard", call(nil, io.Discard))
}

func BenchmarkHclog(b *testing.B) {
	call := func(opts *hclog.LoggerOptions, sink hclog.SinkAdapter) func() {
		l := hclog.NewInterceptLogger(opts)
		if sink != nil {
			l.RegisterSink(sink)
		}
		return func() {
			l.Info(message, "method", "GET", "status", 200, "took", 1234567, "cached", true, "trace_id", trace)
		}
	}
	run(b, "watchtower", call(&hclog.LoggerOptions{Level: hclog.Off}, watchhclog.New(open(b), nil)))
	run(b, "discard", call(&hclog.LoggerOptions{Output: io.Discard, JSONFormat: true}, nil))
}

// silent makes nothing of an entry: beside a hook nobody reads what logrus writes.
type silent struct{}

func (silent) Format(*logrus.Entry) ([]byte, error) { return nil, nil }
