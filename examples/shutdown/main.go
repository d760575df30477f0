// Shutdown works until it is told to end, with Ctrl-C or SIGTERM as containers
// do, and then delivers what it has logged. A container is killed some seconds
// after SIGTERM, so that Close gets a deadline and says what was left.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/watchtower-go/watchtower"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	h, err := watchtower.New(ctx, "shutdown", nil) // ctx ending does not end h
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	work(ctx, slog.New(h))
	stop() // a second Ctrl-C ends the program at once

	// Less than the time until SIGKILL: 10 s with Docker, 30 s with
	// Kubernetes and ECS.
	end, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	err = h.Close(end)
	if left, ok := errors.AsType[*watchtower.CloseError](err); ok {
		fmt.Fprintf(os.Stderr, "%d of %d records are lost: %v\n", left.Stats.Dropped, left.Stats.Accepted, left.Stats.Reasons)
		os.Exit(1)
	}
}

// work stands for what the program is for.
func work(ctx context.Context, logger *slog.Logger) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	logger.Info("working")
	fmt.Println("working; Ctrl-C ends it")
	for n := 1; ; n++ {
		select {
		case <-tick.C:
			logger.Info("step", "n", n)
		case <-ctx.Done():
			logger.Info("told to end", "cause", context.Cause(ctx).Error())
			return
		}
	}
}
