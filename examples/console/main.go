// Console logs to the terminal and to CloudWatch Logs side by side: the
// terminal from level Info on, as text, CloudWatch everything, as JSON.
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
	h, err := watchtower.New(context.Background(), "console", &watchtower.Options{Level: slog.LevelDebug})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// Each handler has its own level; a record that one of them drops still
	// reaches the other.
	console := slog.NewTextHandler(os.Stdout, nil)
	logger := slog.New(slog.NewMultiHandler(console, h))

	logger.Debug("configuration read", "file", "shop.yaml", "keys", 14)
	logger.Info("listening", "port", 8080)
	logger.Error("payment refused", "order", 17, "err", "card expired")

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
