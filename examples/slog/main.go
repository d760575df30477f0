package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/watchtower-go/watchtower"
)

func main() {
	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		slog.Error("no logs in CloudWatch", "err", err)
		os.Exit(1)
	}
	slog.SetDefault(slog.New(h))

	slog.Info("started", "version", "1.4.2")

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil { // what was not delivered, counted
		os.Stderr.WriteString(err.Error() + "\n")
	}
}
