package delivery_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/watchtower-go/watchtower"
)

// The error of Put, the ledger and OnError give a loss the same reason.
func TestALossForAFullDiskHasOneReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, SpoolBytes: 16 << 20})
		st.server.Faults().Throttle("", -1)
		var err error
		for i := 0; err == nil; i++ {
			err = st.put(watchtower.Event{Message: fmt.Sprint(i, strings.Repeat("x", 200_000))})
		}
		drop, ok := errors.AsType[*watchtower.DropError](err)
		if !ok || drop.Reason != watchtower.ReasonSpoolFull {
			t.Errorf("Put: %v; the ledger: %v", err, st.Stats().Reasons)
		}
	})
}
