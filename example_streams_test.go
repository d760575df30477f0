package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// A log stream for each day, in UTC and by the time of the record, and for
// each tenant, by the attribute of that name. Records without it go to "none".
func ExampleOptions_streamNames() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		LogStreamName: "{strftime:%Y-%m-%d}/{attr:tenant}",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h)
	for _, l := range []*slog.Logger{logger.With("tenant", "blue"), logger.With("tenant", "red"), logger} {
		l.Info("order placed")
		h.Flush(context.Background()) // or all may be of the same millisecond
	}
	h.Close(context.Background())

	logs.printStreams("my-app") // with every date as 2006-01-02
	// Output:
	// [2006-01-02/blue] {"level":"INFO","msg":"order placed","tenant":"blue"}
	// [2006-01-02/red] {"level":"INFO","msg":"order placed","tenant":"red"}
	// [2006-01-02/none] {"level":"INFO","msg":"order placed"}
}
