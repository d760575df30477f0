package delivery_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// quitter is a fallback that ends the goroutine it is called from.
type quitter struct {
	slog.Handler
	calls *atomic.Int64
}

func (q quitter) Handle(context.Context, slog.Record) error {
	q.calls.Add(1)
	runtime.Goexit()
	return nil
}

// As testing.T.FailNow does, in somebody's test of their OnError.
func TestOnErrorAndFallbackThatEndTheirGoroutineAreCalledAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told, handed atomic.Int64
		h, s := open(t, watchtower.Options{
			Fallback: quitter{slog.NewTextHandler(io.Discard, nil), &handed},
			OnError: func(err error) {
				if d, ok := errors.AsType[*watchtower.DropError](err); ok {
					told.Add(d.Events)
				}
				runtime.Goexit()
			},
		})
		if err := s.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultPoison, Operation: put, Text: "bad"}); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			slog.New(h).Info("bad")
			slog.New(h).Info("bad")
			flush(t, h)
			<-time.After(time.Minute)
		}
		if told.Load() != 6 || handed.Load() != 6 {
			t.Errorf("OnError heard of %d losses, want 6; Fallback got %d, want 6", told.Load(), handed.Load())
		}
	})
}
