package watchtower_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// What tells of a loss, and of records left out, before the name is known goes to
// the disk under the whole name: the next process may be another task.
func TestRecordsOfOurOwnHaveTheirWholeNamesOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		k := newTask(t, 800*time.Millisecond, watchtower.Options{
			FlushInterval: 10 * time.Millisecond, // the first send fails before the loss is told
			SpoolDir:      dir, MaxEventBytes: 1024, Oversize: watchtower.Drop,
			Sampling: &watchtower.Sampling{First: 1, Thereafter: -1, Interval: time.Hour},
		})
		k.down.Store(true)
		slog.New(k).Info(strings.Repeat("lost", 1000))
		for range 3 {
			slog.New(k).Info("again")
		}
		<-time.After(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		k.Close(ctx)
		kept := map[string]int{}
		err := spool.Walk(dir, func(e cwl.Event, at spool.Place) error {
			if at.Own {
				kept[e.Stream]++
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(map[string]int{taskName: 2}, kept); diff != "" {
			t.Errorf("streams on disk (-want +got):\n%s", diff)
		}
	})
}

// A loss before the name is known and one after it are of one stream, which has one
// record of both.
func TestLossesUnderEitherNameAreToldTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTask(t, 300*time.Millisecond, watchtower.Options{FlushInterval: 10 * time.Millisecond, MaxEventBytes: 1024, Oversize: watchtower.Drop})
		k.server.rejecting = true
		slog.New(k).Info(strings.Repeat("lost", 1000))
		slog.New(k).Info("rejected")
		<-time.After(time.Minute)
		k.Flush(t.Context())
		var told []string
		for _, e := range k.server.all(group) {
			told = append(told, e.Stream+" "+e.Message)
		}
		if len(told) != 1 || !strings.HasPrefix(told[0], taskName+" ") || !strings.Contains(told[0], `"lost":2`) {
			t.Errorf("%q", told)
		}
	})
}
