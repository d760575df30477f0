// Logr logs to CloudWatch Logs through logr, the interface that Kubernetes
// controllers log through. Its V(1) is one below slog's Info. Its WithName makes the
// field logger, as Named of the handler does: with both the field is there twice.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/go-logr/logr"

	"github.com/watchtower-go/watchtower"
)

func main() {
	h, err := watchtower.New(context.Background(), "logr", &watchtower.Options{Level: slog.Level(-1)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	logger := logr.FromSlogHandler(h)

	logger.Info("started", "version", "1.4.2")
	orders := logger.WithName("orders").WithValues("order", 17)
	orders.V(1).Info("payment tried", "cards", []string{"visa", "amex"})
	orders.V(2).Info("not logged")
	orders.Error(errors.New("card expired"), "refused")

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil { // what was not delivered, counted
		fmt.Fprintln(os.Stderr, err)
	}
}
