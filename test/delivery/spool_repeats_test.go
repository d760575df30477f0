package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// repeatsAfter logs 10 records under a fault, and returns how many the service
// has when the next process has delivered what was left, and how many of them
// that one counts as possible duplicates. A process that is killed leaves what
// is on its disk at that moment.
func repeatsAfter(t *testing.T, spool watchtower.Spool, killed bool, fault func(*cwlocal.Faults)) (copies int, possible int64) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		opts := watchtower.Options{
			Client: logs.Client(), LogStreamName: "s", SpoolDir: t.TempDir(), Spool: spool, OnError: func(error) {},
		}
		fault(logs.Faults())
		h, err := watchtower.New(t.Context(), group, &opts)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 10 {
			slog.New(h).Info(fmt.Sprint(i))
		}
		<-time.After(6 * time.Second)
		if killed {
			left := t.TempDir()
			if err := os.CopyFS(left, os.DirFS(opts.SpoolDir)); err != nil {
				t.Fatal(err)
			}
			opts.SpoolDir = left
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		h.Close(ended)
		logs.Faults().Clear()
		next, err := watchtower.New(t.Context(), group, &opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := next.Close(t.Context()); err != nil {
			t.Error(err)
		}
		copies, possible = len(logs.Events(group)), next.Stats().PossibleDuplicates
	})
	return copies, possible
}

// A process that was killed, or ended without an answer, cannot say what of its
// spool it delivered. The next one counts it.
func TestWhatAnEarlierProcessMayHaveDeliveredIsCounted(t *testing.T) {
	lost := func(f *cwlocal.Faults) { f.LoseAnswer("PutLogEvents", -1) }
	down := func(f *cwlocal.Faults) { f.Fail("PutLogEvents", 503, -1) }
	for name, c := range map[string]struct {
		spool    watchtower.Spool
		killed   bool
		fault    func(*cwlocal.Faults)
		possible int64
	}{
		"killed":                         {watchtower.SpoolAlways, true, lost, 10},
		"closed without an answer":       {watchtower.SpoolAlways, false, lost, 10},
		"saved without an answer":        {watchtower.SpoolOnFailure, false, lost, 10},
		"closed while every answer is 5": {watchtower.SpoolAlways, false, down, 0},
		"saved while every answer is 5":  {watchtower.SpoolOnFailure, false, down, 0},
	} {
		t.Run(name, func(t *testing.T) {
			copies, possible := repeatsAfter(t, c.spool, c.killed, c.fault)
			if possible != c.possible {
				t.Errorf("%d possible duplicates, want %d; %d events for 10 records", possible, c.possible, copies)
			}
			if c.possible > 0 && copies < 20 || c.possible == 0 && copies != 10 {
				t.Errorf("%d events for 10 records", copies)
			}
		})
	}
}
