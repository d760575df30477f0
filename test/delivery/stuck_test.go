package delivery_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// TestAStuckGroupDoesNotSlowAnother compares how long records of one group take
// to be stored while those of another, in the same process and on the same
// server, do not get through at all.
func TestAStuckGroupDoesNotSlowAnother(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault cwlocal.Fault
	}{
		{"throttled", cwlocal.Fault{Kind: cwlocal.FaultThrottle}},
		{"hanging", cwlocal.Fault{Kind: cwlocal.FaultDelay, Delay: time.Hour}},
		{"denied", cwlocal.Fault{Kind: cwlocal.FaultAccessDenied}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.fault.Group = "stuck"
			var alone, beside []time.Duration
			synctest.Test(t, func(t *testing.T) { alone = delays(t, nil) })
			synctest.Test(t, func(t *testing.T) { beside = delays(t, &c.fault) })
			t.Logf("alone: half within %v, all within %v; beside a stuck group: %v, %v",
				alone[len(alone)/2], alone[len(alone)-1], beside[len(beside)/2], beside[len(beside)-1])
			if len(alone) != len(beside) || beside[len(beside)-1] > alone[len(alone)-1]+200*time.Millisecond {
				t.Error("the stuck group slows the other")
			}
		})
	}
}

// delays logs to a group for ten minutes, beside a stuck one if there is a
// fault, and returns how long each record took to be stored, sorted.
func delays(t *testing.T, fault *cwlocal.Fault) []time.Duration {
	s := watchtowertest.NewServer(t)
	client := s.Client(func(o *cloudwatchlogs.Options) { // one for both, as programs have it
		o.HTTPClient = &http.Client{Transport: &scripted{
			RoundTripper: watchtowertest.Transport(s.Handler()),
			// Not at random: the difference of two runs must be that of the groups.
			do: func(int, *http.Request) (*http.Response, error) { <-time.After(20 * time.Millisecond); return nil, nil },
		}}
	})
	handler := func(name string) *watchtower.Handler {
		h, err := watchtower.New(t.Context(), name, &watchtower.Options{
			Client: client, LogStreamName: "s", QueueBytes: small, WhenFull: watchtower.DropOldest, OnError: func(error) {},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = h.Close(ctx)
			balance(t, h.Stats())
		})
		return h
	}
	healthy, stuck := handler("healthy"), handler("stuck")
	if fault != nil {
		if err := s.Faults().Add(*fault); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 6000 {
		e := watchtower.Event{Message: fmt.Sprintf("m%04d", i)}
		_ = healthy.Put(t.Context(), e)
		_ = stuck.Put(t.Context(), e)
		<-time.After(100 * time.Millisecond)
	}
	flush(t, healthy)
	var all []time.Duration
	for _, e := range s.Events("healthy") {
		all = append(all, e.Ingestion.Sub(e.Time))
	}
	if st := healthy.Stats(); len(all) != 6000 || st.Delivered != 6000 {
		t.Errorf("%d of 6,000 records are stored: %+v", len(all), st)
	}
	slices.Sort(all)
	return all
}
