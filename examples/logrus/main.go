// Logrus logs to the terminal and, by a hook, to CloudWatch Logs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlogrus"
)

func main() {
	h, err := watchtower.New(context.Background(), "logrus", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	logrus.AddHook(watchlogrus.New(h, nil))
	logrus.SetOutput(os.Stdout) // io.Discard for CloudWatch alone
	logrus.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true})

	logrus.WithField("version", "1.4.2").Info("started")
	orders := logrus.WithField("order", 17)
	orders.WithError(errors.New("card expired")).WithField("tried", []string{"visa", "amex"}).Error("refused")

	// Fatal and Panic deliver what is queued; Close says what was not
	// delivered, counted.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
