package watchtower_test

import (
	"context"
	"fmt"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A bridge to another logger, or a program that forwards the lines of others,
// has finished messages with times of their own.
func ExampleHandler_Put() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	anHourAgo := time.Now().Add(-time.Hour)
	h.Put(ctx, watchtower.Event{Message: "the second"})
	h.Put(ctx, watchtower.Event{Time: anHourAgo, Message: "the first"})
	h.Close(ctx)

	logs.print("my-app")
	// Output:
	// the first
	// the second
}
