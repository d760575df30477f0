package watchtower_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A program that is told to end has little time: Close waits no longer than its
// context allows, and its error is the ledger of what was left behind.
func ExampleHandler_Close() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer logs.pause()() // an outage that does not end in time
	for i := range 3 {
		slog.New(h).Info("order placed", "order", i)
	}

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err = h.Close(ctx)
	if left, ok := errors.AsType[*watchtower.CloseError](err); ok {
		fmt.Println(left.Stats.Dropped, "of", left.Stats.Accepted, "records are lost")
		fmt.Println("out of time:", errors.Is(err, context.DeadlineExceeded))
	}
	// Output:
	// 3 of 3 records are lost
	// out of time: true
}
