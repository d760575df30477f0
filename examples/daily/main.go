// Daily has a log stream for each day and each tenant, such as
// "2006-01-02/blue".
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/watchtower-go/watchtower"
)

func main() {
	h, err := watchtower.New(context.Background(), "daily", &watchtower.Options{
		// The day is that of the record, in UTC: a program that runs past
		// midnight goes on in the next stream by itself.
		LogStreamName: "{strftime:%Y-%m-%d}/{attr:tenant}",
		RetentionDays: 30, // of the group, when it is created
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	logger := slog.New(h)

	for _, tenant := range []string{"blue", "red"} {
		logger.With("tenant", tenant).Info("report made", "pages", 3) // by the logger,
	}
	logger.Info("report sent", "tenant", "blue") // by the record,
	logger.Info("all done")                      // or "none"

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
