// Zap logs to the terminal and to CloudWatch Logs side by side, through zap.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
)

func main() {
	h, err := watchtower.New(context.Background(), "zap", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	console := zapcore.NewCore(zapcore.NewConsoleEncoder(zapcore.EncoderConfig{
		MessageKey: "msg", LevelKey: "level", EncodeLevel: zapcore.CapitalLevelEncoder,
	}), zapcore.Lock(os.Stdout), zapcore.InfoLevel)
	logger := zap.New(zapcore.NewTee(console, watchzap.New(h, nil)))

	logger.Info("started", zap.String("version", "1.4.2"))
	orders := logger.With(zap.Int("order", 17), zap.Namespace("payment"))
	orders.Error("refused", zap.Error(errors.New("card expired")), zap.Strings("tried", []string{"visa", "amex"}))

	// Fatal, Panic and Sync deliver what is queued; Close says what was not
	// delivered, counted.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
