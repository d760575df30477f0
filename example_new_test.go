package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// What a log group is created with is said where the handler is made.
func ExampleNew() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Level:         slog.LevelDebug,
		Format:        watchtower.FormatText,
		RetentionDays: 30,
		Tags:          map[string]string{"team": "checkout"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Debug("cache is warm", "entries", 512)
	h.Close(context.Background())

	logs.print("my-app")
	// Output: level=DEBUG msg="cache is warm" entries=512
}

// New checks the options before it does anything else, and its error names each
// one that cannot work.
func ExampleNew_mistakes() {
	_, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Region:           "eu-west-1",
		QueueBytes:       16, // bytes, not megabytes
		EnforceRetention: true,
	})
	fmt.Println(err)
	// Output:
	// watchtower: option EnforceRetention: needs RetentionDays
	// option QueueBytes: 16 is too small: at least 65536
}
