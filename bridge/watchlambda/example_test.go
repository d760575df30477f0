package watchlambda_test

import (
	"context"
	"log/slog"
	"os"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlambda"
)

// A function that delivers its records after each response. (This one is not
// compared with an output: Start does not return.)
func Example() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "orders", &watchtower.Options{
		LogStreamName: watchlambda.LogStreamName, ContextAttrs: watchlambda.Attrs,
	})
	if err != nil {
		slog.Error("no logs in CloudWatch", "err", err)
		os.Exit(1)
	}
	log := slog.New(h)
	watchlambda.Extension(ctx, h, func(ctx context.Context, id int) (string, error) {
		log.InfoContext(ctx, "order received", "id", id)
		return "thank you", nil
	}, nil).Start()
}
