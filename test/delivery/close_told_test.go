package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// Most programs end when Close returns, and few look at its error.
func TestCloseWaitsAMomentForOnErrorWhenItsTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := make(chan int64, 100)
		h, s := open(t, watchtower.Options{OnError: func(err error) {
			if d, ok := errors.AsType[*watchtower.DropError](err); ok {
				<-time.After(time.Millisecond) // it writes to a file
				told <- d.Events
			}
		}})
		s.Faults().Fail("PutLogEvents", 503, -1)
		slog.New(h).Info("m")
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := h.Close(ctx); err == nil {
			t.Error("no error although nothing was delivered")
		}
		if len(told) != 1 {
			t.Error("the program ends now, and OnError has heard of no loss")
		}
		<-time.After(time.Second)
	})
}
