package watchzerolog_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/rs/zerolog"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzerolog"
)

// A program that logs to the console as well has both writers in a
// MultiLevelWriter. Here the console gets everything, CloudWatch warnings and
// errors.
func Example() {
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{Region: "eu-west-1", Level: slog.LevelWarn})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background()) // give it a deadline

	console := zerolog.ConsoleWriter{Out: os.Stdout, NoColor: true, PartsOrder: []string{"level", "message"}}
	logger := zerolog.New(zerolog.MultiLevelWriter(console, watchzerolog.New(h, nil)))

	logger.Info().Int("port", 8080).Msg("listening")
	// Output: INF listening port=8080
}
