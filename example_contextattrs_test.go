package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// Attributes from the context that a record is logged with stand outside of all
// groups. The ids of OpenTelemetry's traces are ready in bridge/watchotel.
func ExampleOptions_contextAttrs() {
	logs := startLocal()
	defer logs.close()

	type requestID struct{}
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		ContextAttrs: func(ctx context.Context) []slog.Attr {
			if id, ok := ctx.Value(requestID{}).(string); ok {
				return []slog.Attr{slog.String("request_id", id)}
			}
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.WithValue(context.Background(), requestID{}, "r-17")
	slog.New(h).WithGroup("order").InfoContext(ctx, "paid", "cents", 1999)
	h.Close(context.Background())

	logs.print("my-app")
	// Output:
	// {"level":"INFO","msg":"paid","request_id":"r-17","order":{"cents":1999}}
}
