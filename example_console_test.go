package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/watchtower-go/watchtower"
)

// The console shows what a person wants to see, and CloudWatch gets everything:
// slog.NewMultiHandler hands each record to both, each with a level and a form
// of its own.
func Example_console() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{Level: slog.LevelDebug})
	if err != nil {
		fmt.Println(err)
		return
	}
	console := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelInfo,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // the terminal is read as it happens
			}
			return a
		},
	})
	logger := slog.New(slog.NewMultiHandler(console, h))

	logger.Debug("cache miss", "key", "user:7")
	logger.Info("listening", "port", 8080)
	h.Close(context.Background())

	logs.print("my-app")
	// Output:
	// level=INFO msg=listening port=8080
	// {"level":"DEBUG","msg":"cache miss","key":"user:7"}
	// {"level":"INFO","msg":"listening","port":8080}
}
