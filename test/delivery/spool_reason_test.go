package delivery_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

// Without SpoolAlways a record is lost when memory and disk are full: its reason is the
// memory, and the cause is why the disk was no help.
func TestALossForWantOfMemoryTellsWhyTheDiskWasNoHelp(t *testing.T) {
	for name, policy := range map[string]watchtower.WhenFull{"newest": watchtower.DropNewest, "oldest": watchtower.DropOldest} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := newStage(t, watchtower.Options{SpoolDir: t.TempDir(), SpoolBytes: 16 << 20, QueueBytes: 1 << 20, WhenFull: policy})
				st.server.Faults().Throttle("", -1)
				for i := range 200 {
					_ = st.put(watchtower.Event{Message: fmt.Sprint(i, strings.Repeat("x", 200_000))})
				}
				<-time.After(2 * time.Second)
				st.mu.Lock()
				defer st.mu.Unlock()
				losses := 0
				for _, err := range st.told {
					if drop, ok := errors.AsType[*watchtower.DropError](err); ok {
						losses++
						if disk, ok := errors.AsType[*watchtower.SpoolError](drop.Err); !ok || disk.Kind != watchtower.KindSpoolFull || drop.Reason != watchtower.ReasonQueueFull {
							t.Errorf("told %v, with the cause %v", drop, drop.Err)
						}
					}
				}
				if losses == 0 {
					t.Errorf("no loss was told; the ledger: %v", st.Stats().Reasons)
				}
			})
		})
	}
}
