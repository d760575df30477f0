package watchtower_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/watchtower-go/watchtower"
)

// When CloudWatch cannot keep up and the queue is full, a record is dropped by
// default, so that logging never holds the program up. Each drop is counted,
// and told through OnError.
func ExampleOptions_drop() {
	logs := startLocal()
	defer logs.close()

	var told int64
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		QueueBytes: 64 << 10, // very small: the default is 16 MiB
		OnError: func(err error) {
			if drop, ok := errors.AsType[*watchtower.DropError](err); ok {
				told += drop.Events // of one Reason, First to Last
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	resume := logs.pause() // an outage
	for i := range 10_000 {
		slog.New(h).Info("order placed", "order", i)
	}
	resume()
	h.Close(context.Background()) // OnError has returned, too

	s := h.Stats()
	fmt.Println("dropped:", s.Dropped > 0, "told of all:", told == s.Dropped && told == s.Reasons[watchtower.ReasonQueueFull])
	fmt.Println("accounted for:", s.Delivered+s.Dropped)
	// Output:
	// dropped: true told of all: true
	// accounted for: 10000
}

// With Block, logging waits for room instead: nothing is dropped, and the
// program goes as fast as CloudWatch takes it. BlockTimeout bounds the wait.
func ExampleOptions_block() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		QueueBytes: 64 << 10,
		WhenFull:   watchtower.Block,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range 2000 { // several times what the queue holds
		slog.New(h).Info("order placed", "order", i)
	}
	h.Close(context.Background())

	s := h.Stats()
	fmt.Println("dropped:", s.Dropped, "delivered:", s.Delivered)
	// Output: dropped: 0 delivered: 2000
}

// With DropLowestLevel a flood of debug records gives way to what matters. A
// part of the queue, ErrorReserve, is kept for errors with every policy.
func ExampleOptions_dropLowestLevel() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Level:      slog.LevelDebug,
		QueueBytes: 64 << 10,
		WhenFull:   watchtower.DropLowestLevel,
		OnError:    func(error) {}, // the losses are counted all the same
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h)
	resume := logs.pause() // an outage
	for i := range 10_000 {
		logger.Debug("cache miss", "key", i)
		if i%1000 == 0 {
			logger.Warn("cache is cold", "misses", i)
		}
	}
	resume()
	h.Close(context.Background())

	warnings := 0
	for _, e := range logs.all("my-app") {
		if strings.Contains(e.Message, "cache is cold") {
			warnings++
		}
	}
	fmt.Println("dropped:", h.Stats().Dropped > 0, "warnings delivered:", warnings)
	// Output: dropped: true warnings delivered: 10
}
