package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// An outage is no time to make garbage: a record that is dropped at once leaves
// none.
func TestDroppingAllocatesNothing(t *testing.T) {
	if raceEnabled {
		return // the race detector makes sync.Pool forget things on purpose
	}
	s := watchtowertest.NewServer(t)
	down := &scripted{do: func(int, *http.Request) (*http.Response, error) { return nil, errors.New("down") }}
	h, err := watchtower.New(t.Context(), group, &watchtower.Options{
		Client:        s.Client(func(o *cloudwatchlogs.Options) { o.HTTPClient = &http.Client{Transport: down} }),
		LogStreamName: "s", QueueBytes: small, WhenFull: watchtower.DropLowestLevel, FlushInterval: time.Hour, OnError: func(error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_ = h.Close(ctx)
	}()
	l := slog.New(h)
	for range 2000 {
		l.Info("a message of some thirty-eight letters")
	}
	before := h.Stats().Dropped
	allocs := testing.AllocsPerRun(10_000, func() { l.Info("a message of some thirty-eight letters") })
	if allocs > 0 {
		t.Errorf("%v allocations for a record that is dropped", allocs)
	}
	if n := h.Stats().Dropped - before; n < 10_000 {
		t.Errorf("only %d records were dropped", n)
	}
}
