//go:build !race

package watchhttp_test

import (
	"log/slog"
	"net/http"
	"testing"

	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

// A request costs three allocations: what is known of it, the handler's copy of
// it, and the part of the record that slog keeps outside. An id that is made, a
// trace id out of X-Ray's and a forwarded address are one more each.
func TestRequestCostsThreeAllocations(t *testing.T) {
	h := watchhttp.Middleware(slog.New(empty{}), nil)(http.HandlerFunc(greet))
	w := &answer{http.Header{}}
	for want, r := range map[float64]*http.Request{
		3: request("/users/7?page=2", "X-Request-Id", "r-1", "Traceparent", traceparent),
		4: request("/users/7?page=2"),
	} {
		if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n > want {
			t.Errorf("%v allocations, not %v", n, want)
		}
	}
}
