// Hclog logs to the terminal and, by a sink, to CloudWatch Logs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhclog"
)

func main() {
	h, err := watchtower.New(context.Background(), "hclog", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{Output: os.Stdout, DisableTime: true})
	logger.RegisterSink(watchhclog.New(h, nil))

	logger.Info("started", "version", "1.4.2")
	orders := logger.With("order", 17)
	orders.Error("refused", "error", errors.New("card expired"), "tried", []string{"visa", "amex"})

	// hclog has no Fatal: a program closes the handler before it exits.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil { // what was not delivered, counted
		fmt.Fprintln(os.Stderr, err)
	}
}
