package watchtower_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
)

// sink answers every request with success, like a service without a store.
type sink struct{}

func (sink) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, err := io.Copy(io.Discard, r.Body)
		r.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(`{}`))),
	}, nil
}

// toSink returns a handler whose events go nowhere; it loses none.
func toSink(b testing.TB, opts watchtower.Options) *watchtower.Handler {
	opts.LogStreamName, opts.WhenFull = "s", watchtower.Block
	return toSinkWith(b, opts)
}

func toSinkWith(b testing.TB, opts watchtower.Options) *watchtower.Handler {
	opts.Client = cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: sink{}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "k", SecretAccessKey: "s"}, nil
		}),
	})
	h, err := watchtower.New(b.Context(), "g", &opts)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { h.Close(context.Background()) })
	return h
}

// walker is a handler that only looks at the attributes: what slog itself
// costs.
type walker struct{ seen int }

func (w *walker) Enabled(context.Context, slog.Level) bool { return true }
func (w *walker) WithAttrs([]slog.Attr) slog.Handler       { return w }
func (w *walker) WithGroup(string) slog.Handler            { return w }
func (w *walker) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool { w.seen += len(a.Key); return true })
	return nil
}

// calls are log calls with 0, 5 and 10 attributes of mixed kinds.
var calls = []struct {
	name string
	log  func(*slog.Logger)
}{
	{"0Attrs", func(l *slog.Logger) {
		l.LogAttrs(context.Background(), slog.LevelInfo, "a message of some thirty-eight letters")
	}},
	{"5Attrs", func(l *slog.Logger) {
		l.LogAttrs(context.Background(), slog.LevelInfo, "a message of some thirty-eight letters",
			slog.String("method", "GET"), slog.Int("status", 200), slog.Duration("took", 1234567),
			slog.Bool("cached", true), slog.String("trace_id", "0123456789abcdef0123456789abcdef"))
	}},
	{"10Attrs", func(l *slog.Logger) {
		l.LogAttrs(context.Background(), slog.LevelInfo, "a message of some thirty-eight letters",
			slog.String("method", "GET"), slog.Int("status", 200), slog.Duration("took", 1234567),
			slog.Bool("cached", true), slog.String("trace_id", "0123456789abcdef0123456789abcdef"),
			slog.Float64("ratio", 0.25), slog.Uint64("bytes", 5120), slog.Time("at", epoch),
			slog.Group("user", slog.String("id", "u-1"), slog.Int("age", 33)), slog.Int64("n", -1))
	}},
}

var epoch = time.Unix(1_700_000_000, 0)

// shapes are how the logger of a call was made: bare, with attributes and a group
// given beforehand, with the source, and with all three.
var shapes = []struct {
	name         string
	source, with bool
}{
	{"Bare", false, false},
	{"With", false, true},
	{"Source", true, false},
	{"WithSource", true, true},
}

// BenchmarkHandle prints our calls beside those of a handler that only walks
// the attributes (allocations: the same number is the goal), and beside
// slog.JSONHandler writing to nowhere with the same options. bench/compare reads
// the names.
func BenchmarkHandle(b *testing.B) {
	for _, c := range calls {
		for _, s := range shapes {
			for _, k := range []struct {
				name    string
				handler func(b *testing.B) slog.Handler
			}{
				{"Walk", func(*testing.B) slog.Handler { return &walker{} }},
				{"SlogDiscard", func(*testing.B) slog.Handler {
					return slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{AddSource: s.source})
				}},
				{"Watchtower", func(b *testing.B) slog.Handler { return toSink(b, watchtower.Options{AddSource: s.source}) }},
				{"WatchtowerPlain", func(b *testing.B) slog.Handler {
					return toSink(b, watchtower.Options{AddSource: s.source, NoCompression: true})
				}},
			} {
				b.Run(c.name+"/"+s.name+"/"+k.name, func(b *testing.B) {
					l := slog.New(k.handler(b))
					if s.with {
						l = l.With("service", "checkout", "version", 7).WithGroup("request").With("id", "r-1")
					}
					b.ReportAllocs()
					for b.Loop() {
						c.log(l)
					}
				})
			}
		}
	}
}
