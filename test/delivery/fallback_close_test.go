package delivery_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// closeInOutage logs n records in an outage and closes with no time left. It
// returns how many records the fallback got, and how long Close took.
func closeInOutage(t *testing.T, n int, each time.Duration) (got int, took time.Duration) {
	fallback := &slowly{may: make(chan struct{})}
	st := newStage(t, watchtower.Options{Fallback: fallback})
	fallback.st = st
	st.server.Faults().Fail("", 503, -1)
	st.log(n)
	go func() {
		for range n {
			<-time.After(each)
			fallback.may <- struct{}{}
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	begin := time.Now()
	if err := st.Close(ctx); err == nil {
		t.Error("no error, but nothing was delivered")
	}
	took = time.Since(begin)
	st.mu.Lock()
	got = len(st.fallen)
	st.mu.Unlock()
	<-time.After(time.Duration(n)*each - took + time.Second) // the rest, or the bubble has goroutines left
	return got, took
}

func TestCloseWaitsForAFallbackThatIsSlow(t *testing.T) {
	for _, c := range []struct {
		name      string
		each      time.Duration
		got, most int // records, seconds
	}{
		{"slow", 40 * time.Millisecond, 100, 5},
		{"slower than Close waits", 150 * time.Millisecond, 60, 10},
		{"hanging", 15 * time.Second, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, took := closeInOutage(t, 100, c.each)
				if got < c.got || took > time.Duration(c.most)*time.Second+200*time.Millisecond {
					t.Errorf("Fallback got %d records in %v, want %d in %d s", got, took, c.got, c.most)
				}
			})
		})
	}
}
