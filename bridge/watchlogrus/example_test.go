package watchlogrus_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/sirupsen/logrus"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlogrus"
)

// A program adds the hook; what logrus writes elsewhere stays as it is. Here the
// console gets everything, CloudWatch warnings and errors.
func Example() {
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{Region: "eu-west-1", Level: slog.LevelWarn})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background()) // give it a deadline

	logger := logrus.New()
	logger.AddHook(watchlogrus.New(h, nil))
	logger.SetOutput(os.Stdout)
	logger.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true})

	logger.WithField("port", 8080).Info("listening")
	// Output: level=info msg=listening port=8080
}
