package watchhclog_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/hashicorp/go-hclog"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhclog"
)

// A program registers the sink; what hclog writes elsewhere stays as it is. Here the
// console gets everything, CloudWatch warnings and errors.
func Example() {
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{Region: "eu-west-1", Level: slog.LevelWarn})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background()) // give it a deadline

	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{Name: "app", Output: os.Stdout, DisableTime: true})
	logger.RegisterSink(watchhclog.New(h, nil))

	logger.Info("listening", "port", 8080)
	// Output: [INFO]  app: listening: port=8080
}
