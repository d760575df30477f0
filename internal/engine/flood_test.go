package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// The disk takes 5 ms for a sync, and there is a record every 4 ms: whenever
// the queue is on the disk there is something in it again.
func TestThoseWhoLogDoNotKeepTheOwnerAtTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := stranded(t, &shelf{takes: 5 * time.Millisecond}, SyncAlways, nil)
		put := func() { _ = e.Put(t.Context(), []cwl.Event{message(strings.Repeat("x", 1000))}) }
		for range 2000 {
			put() // until it flows over
		}
		for range 2_500 {
			<-time.After(4 * time.Millisecond)
			put()
		}
		before := e.Counts().Failures
		for range 45_000 {
			<-time.After(4 * time.Millisecond)
			put()
		}
		if n := e.Counts().Failures - before; n < 3 {
			t.Errorf("%d attempts to send in three minutes", n)
		}
	})
}
