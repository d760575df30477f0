package delivery_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// As in memory: what is longer than the whole is dropped whatever WhenFull says.
func TestARecordLongerThanTheSpoolDoesNotBlockForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, SpoolBytes: 16 << 20,
			WhenFull: watchtower.Block, Oversize: watchtower.Split,
		})
		ended := make(chan error, 1)
		go func() { ended <- st.put(watchtower.Event{Message: strings.Repeat("x", 17<<20)}) }()
		select {
		case err := <-ended:
			if err == nil {
				t.Error("a record of 17 MiB is in a spool of 16 MiB")
			}
		case <-time.After(time.Hour):
			t.Error("the caller waits for room that there will never be")
			st.stop()
			<-ended
		}
	})
}
