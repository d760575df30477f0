package watchtower_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

func TestFlushOnPanicKeepsToItsBudget(t *testing.T) {
	for name, opts := range map[string]watchtower.Options{
		"Sync":  {Sync: true},
		"Block": {WhenFull: watchtower.Block, QueueBytes: small, ErrorReserve: -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opts.OnError = func(error) {}
				h, s := open(t, opts)
				s.Faults().Fail("", 503, -1)
				for full := opts.Sync; !full; { // fill the queue
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					full = h.Put(ctx, watchtower.Event{Message: strings.Repeat("x", 1000)}) != nil
					cancel()
				}
				begin, ended := time.Now(), make(chan struct{})
				go func() {
					defer close(ended)
					defer func() { _ = recover() }()
					defer watchtower.FlushOnPanic(h, 5*time.Second)
					panic("out of luck")
				}()
				select {
				case <-ended:
				case <-time.After(time.Hour):
				}
				if d := time.Since(begin); d > 6*time.Second {
					t.Errorf("the panic was held up for %v, the budget is 5s", d)
				}
				s.Faults().Clear()
				<-ended
			})
		})
	}
}
