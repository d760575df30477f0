// Zerolog logs to the terminal and to CloudWatch Logs side by side, through
// zerolog: its ConsoleWriter for people, its JSON for CloudWatch.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rs/zerolog"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzerolog"
)

func main() {
	h, err := watchtower.New(context.Background(), "zerolog", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	console := zerolog.ConsoleWriter{Out: os.Stdout, NoColor: true, PartsOrder: []string{"level", "message"}}
	logger := zerolog.New(zerolog.MultiLevelWriter(console, watchzerolog.New(h, nil)))

	logger.Info().Str("version", "1.4.2").Msg("started")
	orders := logger.With().Int("order", 17).Logger()
	orders.Error().Err(errors.New("card expired")).Strs("tried", []string{"visa", "amex"}).Msg("refused")

	// Fatal and Panic deliver what is queued; Close says what was not
	// delivered, counted.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
