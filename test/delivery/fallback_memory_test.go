package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// slowly is a fallback that takes nothing for a while.
type slowly struct {
	catcher
	may chan struct{}
}

func (s slowly) Handle(ctx context.Context, r slog.Record) error {
	<-s.may
	return s.catcher.Handle(ctx, r)
}

// What comes from the disk too old to be sent waits for the fallback in the
// memory that is bounded, or on the disk.
func TestASlowFallbackDoesNotBringTheSpoolIntoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fallback := &slowly{may: make(chan struct{})}
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, QueueBytes: 1 << 20, Fallback: fallback,
		})
		fallback.st = st
		create(t, st.server, "s")
		st.server.Faults().Fail("", 503, -1)
		old := time.Now().Add(-14*24*time.Hour + 10*time.Minute)
		for i := range 8 << 10 {
			st.put(watchtower.Event{Message: fmt.Sprint("m", i) + strings.Repeat("x", 1000), Time: old})
		}
		<-time.After(20 * time.Minute)
		st.server.Faults().Clear()
		<-time.After(5 * time.Minute)
		// The fallback has got none: what is not on disk waits in memory.
		if s := st.Stats(); s.Accepted-s.Spooled > 2<<10 {
			t.Errorf("%d records of a kilobyte are in memory, the bound is 1 MiB: %+v", s.Accepted-s.Spooled, s)
		}
		close(fallback.may)
		<-time.After(5 * time.Minute)
		if s := st.Stats(); s.Spooled+s.Pending != 0 {
			t.Errorf("not all came from the disk: %+v", s)
		}
	})
}
