package watchzap_test

import (
	"context"
	"fmt"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchzap"
)

// A program with zap gives the core to zap.New; zapcore.NewTee puts one for the
// console beside it.
func Example() {
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{Region: "eu-west-1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background()) // give it a deadline

	console := zapcore.NewNopCore() // a program has zapcore.NewCore(…, os.Stderr, …)
	logger := zap.New(zapcore.NewTee(console, watchzap.New(h, nil)), zap.AddCaller())

	fmt.Println(logger.Core().Enabled(zap.DebugLevel), logger.Core().Enabled(zap.InfoLevel))
	// Output: false true
}
