package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/watchtower-go/watchtower"
)

// With a SpoolDir an outage costs nothing but time: what memory cannot hold, and
// what is left when the program ends, waits on disk for the next process. With
// SpoolAlways every record is there before the log call returns, and survives
// kill -9 too.
func ExampleOptions_spool() {
	logs := startLocal()
	defer logs.close()
	dir, err := os.MkdirTemp("", "spool")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	opts := &watchtower.Options{SpoolDir: dir}

	h, err := watchtower.New(context.Background(), "my-app", opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	resume := logs.pause() // an outage
	for i := range 3 {
		slog.New(h).Info("order placed", "order", i)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err = h.Close(ctx) // out of time, but nothing is lost
	fmt.Println("on disk:", h.Stats().Spooled, "error:", err)
	resume()

	next, err := watchtower.New(context.Background(), "my-app", opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	next.Close(context.Background())
	fmt.Println("recovered:", next.Stats().Recovered, "delivered:", next.Stats().Delivered)
	// Output:
	// on disk: 3 error: <nil>
	// recovered: 3 delivered: 3
}
