package delivery_test

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/watchtower-go/watchtower"
)

func TestMetricErrorIsShortHoweverLongTheName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{MetricNamespace: "shop"})
		slog.New(st).Info("m", watchtower.Metric(strings.Repeat("x", 100_000), 1, ""), watchtower.Metric("A", 1, ""),
			watchtower.Dimensions(strings.Repeat("y", 100_000)))
		st.within(1)
		synctest.Wait()
		st.mu.Lock()
		defer st.mu.Unlock()
		for _, err := range st.told {
			if len(err.Error()) > 500 {
				t.Errorf("%d bytes: %.300v", len(err.Error()), err)
			}
		}
		if len(st.told) != 2 {
			t.Errorf("%d errors", len(st.told))
		}
	})
}
