package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower"
)

// Sampling keeps a loop that says the same again and again from filling the log,
// and says how often it did. Errors are never left out.
func ExampleSampling() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Sampling: &watchtower.Sampling{Interval: time.Hour, First: 2, Thereafter: 100},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h)
	for i := range 150 {
		logger.Warn("cache is cold", "i", i)
	}
	logger.Error("cannot reach the cache")
	h.Close(context.Background())

	logs.print("my-app")
	fmt.Println(h.Stats().SampledOut, "left out")
	// Output:
	// {"level":"WARN","msg":"cache is cold","i":0}
	// {"level":"WARN","msg":"cache is cold","i":1}
	// {"level":"WARN","msg":"cache is cold","i":101,"_sampled_out":99}
	// {"level":"ERROR","msg":"cannot reach the cache"}
	// {"level":"INFO","msg":"watchtower: 48 records were left out by sampling","_sampled_out":48}
	// 147 left out
}
