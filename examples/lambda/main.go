// Command lambda is an AWS Lambda function that logs to groups of its own: one for
// the application, one for its audit trail. What it prints goes to Lambda's group
// beside them. It wants the permissions of the README on both groups.
package main

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"os"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlambda"
)

type order struct {
	ID    int `json:"id"`
	Cents int `json:"cents"`
}

func main() {
	ctx := context.Background()
	opts := &watchtower.Options{LogStreamName: watchlambda.LogStreamName, ContextAttrs: watchlambda.Attrs}
	app, err := watchtower.New(ctx, "shop", opts)
	if err != nil {
		log.Fatal(err)
	}
	audit, err := watchtower.New(ctx, "shop-audit", opts)
	if err != nil {
		log.Fatal(err)
	}
	slog.SetDefault(slog.New(app))
	log.SetOutput(os.Stderr) // what aws-lambda-go prints stays in Lambda's group
	trail := slog.New(audit)

	// All that is logged before the return is delivered before Lambda freezes
	// the environment, and the caller does not wait for that.
	watchlambda.Extension(ctx, app, func(ctx context.Context, o order) (string, error) {
		slog.InfoContext(ctx, "order received", "id", o.ID)
		if o.Cents <= 0 {
			return "", errors.New("an order has a price") // is logged too
		}
		trail.InfoContext(ctx, "sold", "id", o.ID, "cents", o.Cents)
		return "thank you", nil
	}, &watchlambda.Options{Also: []*watchtower.Handler{audit}}).Start()
}
