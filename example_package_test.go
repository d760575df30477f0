package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A program makes one handler, logs with package slog, and closes the handler
// before it ends. The log group and the log stream need not exist.
func Example() {
	logs := startLocal() // in place of AWS
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h)

	logger.Info("started", "version", "1.4.2")
	logger.Warn("disk is filling", "percent", 91, slog.Group("disk", "name", "sda1", "free", "8G"))

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		fmt.Println(err)
	}

	logs.print("my-app")
	// Output:
	// {"level":"INFO","msg":"started","version":"1.4.2"}
	// {"level":"WARN","msg":"disk is filling","percent":91,"disk":{"name":"sda1","free":"8G"}}
}
