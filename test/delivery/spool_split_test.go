package delivery_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// The unit of the ledger is the record, on both sides of a restart: what one
// process counted as spooled the next one counts as recovered.
func TestASplitRecordSavedAtCloseIsRecoveredAsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		opts := watchtower.Options{
			Client: logs.Client(), LogStreamName: "s", SpoolDir: t.TempDir(),
			Oversize: watchtower.Split, OnError: func(error) {},
		}
		logs.Faults().Throttle("PutLogEvents", -1)
		h, err := watchtower.New(t.Context(), group, &opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Put(t.Context(), watchtower.Event{Message: strings.Repeat("x", 3<<20)}); err != nil {
			t.Fatal(err)
		}
		out, cancel := context.WithCancel(t.Context())
		cancel()
		h.Close(out)
		spooled := h.Stats().Spooled

		logs.Faults().Clear()
		next, err := watchtower.New(t.Context(), group, &opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := next.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := next.Stats(); spooled != 1 || s.Recovered != spooled {
			t.Errorf("%d record was spooled and %d were recovered, %d delivered", spooled, s.Recovered, s.Delivered)
		}
	})
}
