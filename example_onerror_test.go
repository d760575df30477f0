package watchtower_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/watchtower-go/watchtower"
)

// OnError tells a loss, which somebody should know of, from failures, which
// the handler deals with by itself.
func ExampleOptions_onError() {
	logs := startLocal()
	defer logs.close()
	logs.throttled = 1 // the service has much to do

	h, err := watchtower.New(context.Background(), "shop", &watchtower.Options{
		Oversize: watchtower.Drop,
		OnError: func(err error) {
			if loss, ok := errors.AsType[*watchtower.DropError](err); ok {
				fmt.Printf("LOST %d records: %s\n", loss.Events, loss.Reason)
				return
			}
			if failed, ok := errors.AsType[*watchtower.SendError](err); ok {
				switch {
				case failed.Failures > 1:
					fmt.Println("still failing:", failed.Kind)
				case failed.Kind == watchtower.KindDenied, failed.Kind == watchtower.KindMissing:
					fmt.Println("somebody has to help:", failed.Kind)
				default:
					fmt.Println("is tried again:", failed.Kind)
				}
				return
			}
			if _, ok := errors.AsType[*watchtower.RecoveredError](err); ok {
				fmt.Println("all is well")
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("hello")
	h.Flush(context.Background()) // until it is delivered
	slog.New(h).Info(strings.Repeat("too long ", 200_000))
	h.Close(context.Background())
	// Output:
	// is tried again: throttled
	// all is well
	// LOST 1 records: message too long
}
