package watchtower_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower"
)

// Records that cannot be delivered go to the Fallback: another slog.Handler, or
// a file or standard error by way of WriteTo.
func ExampleWriteTo() {
	logs := startLocal()
	defer logs.close()

	var file bytes.Buffer // stands for one on disk
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Fallback: watchtower.WriteTo(&file),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer logs.pause()() // an outage that does not end in time
	slog.New(h).Warn("payment refused", "order", 17)

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	fmt.Println("lost:", h.Close(ctx) != nil)
	fmt.Print(steady(file.String()))
	// Output:
	// lost: true
	// {"level":"WARN","msg":"payment refused","order":17}
}
