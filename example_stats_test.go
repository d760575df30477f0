package watchtower_test

import (
	"context"
	"encoding/json"
	"expvar"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// The ledger as a variable of package expvar, which a program with an HTTP
// server shows at /debug/vars. For OpenTelemetry there is bridge/watchotel.
func ExampleHandler_Stats() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	expvar.Publish("watchtower", expvar.Func(func() any { return h.Stats() }))

	slog.New(h).Info("order placed", "order", 17)
	h.Close(context.Background())

	var s watchtower.Stats
	if err := json.Unmarshal([]byte(expvar.Get("watchtower").String()), &s); err != nil {
		fmt.Println(err)
	}
	fmt.Println("accepted:", s.Accepted, "delivered:", s.Delivered, "lost:", s.Rejected+s.Dropped)
	// Output: accepted: 1 delivered: 1 lost: 0
}
