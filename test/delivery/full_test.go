package delivery_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

func TestBlockWaitsForASendAndNotForTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{QueueBytes: 64 << 10, WhenFull: watchtower.Block, FlushInterval: time.Hour})
		s.Faults().Delay("PutLogEvents", time.Second, 1)
		put := func(n int) {
			if err := h.Put(t.Context(), watchtower.Event{Message: strings.Repeat("x", n)}); err != nil {
				t.Error(err)
			}
		}
		put(1 << 10)
		go h.Flush(t.Context()) // a small send is under way …
		synctest.Wait()
		put(30 << 10)
		start := time.Now()
		put(40 << 10) // … whose room is not enough for this one
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("Put waited %v for room that one send would have made", d)
		}
	})
}

func TestARecordLongerThanTheQueueNamesTheRemedy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ear
		h, _ := open(t, watchtower.Options{QueueBytes: small, OnError: e.hear})
		_ = h.Put(t.Context(), watchtower.Event{Message: strings.Repeat("x", 2*small)})
		d := heard[*watchtower.DropError](t, &e)
		if d.Reason != watchtower.ReasonQueueFull || d.Err == nil ||
			d.Err.Error() != "record of 131072 bytes is longer than the whole queue: raise QueueBytes, or lower MaxEventBytes" {
			t.Error(d)
		}
	})
}
