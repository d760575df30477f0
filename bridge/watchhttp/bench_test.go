package watchhttp_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"testing"

	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

// empty is a handler that takes all records and does nothing.
type empty struct{}

func (empty) Enabled(context.Context, slog.Level) bool  { return true }
func (empty) Handle(context.Context, slog.Record) error { return nil }
func (h empty) WithAttrs([]slog.Attr) slog.Handler      { return h }
func (h empty) WithGroup(string) slog.Handler           { return h }

// answer is a writer that has what that of HTTP/2 has, less the network.
type answer struct{ header http.Header }

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(p []byte) (int, error) { return len(p), nil }
func (a *answer) WriteHeader(int)             {}
func (a *answer) Flush()                      {}

var hello = []byte("hello")

func greet(w http.ResponseWriter, _ *http.Request) { w.Write(hello) }

// load is a request as it comes through a load balancer.
func load() *http.Request {
	r := request("/users/7?page=2", "X-Request-Id", "5c0ffee", "X-Amzn-Trace-Id", xrayTrace, "X-Forwarded-For", "203.0.113.7",
		"User-Agent", "Mozilla/5.0 (X11; Linux x86_64)", "Referer", "https://example.com/users")
	r.RemoteAddr = "10.0.0.1:4711"
	return r
}

// What a request costs beside the bare handler: without a record, with the
// record, and behind a proxy.
func BenchmarkRequest(b *testing.B) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", greet)
	proxied := &watchhttp.Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, c := range []struct {
		name    string
		handler http.Handler
	}{
		{"bare", mux},
		{"quiet", watchhttp.Middleware(slog.New(slog.DiscardHandler), nil)(mux)},
		{"logged", watchhttp.Middleware(slog.New(empty{}), nil)(mux)},
		{"proxied", watchhttp.Middleware(slog.New(empty{}), proxied)(mux)},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := load()
			w := &answer{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				c.handler.ServeHTTP(w, r)
			}
		})
	}
}
