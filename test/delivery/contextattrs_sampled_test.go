package delivery_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower"
)

// What is left out costs no look at its context.
func TestContextAttrsAreOfRecordsThatAreKept(t *testing.T) {
	asked := 0
	h, s := open(t, watchtower.Options{
		Sampling: &watchtower.Sampling{First: 2, Thereafter: -1, Interval: 1 << 40},
		ContextAttrs: func(context.Context) []slog.Attr {
			asked++
			return []slog.Attr{slog.Int("asked", asked)}
		},
	})
	for range 10 {
		slog.New(h).Info("m")
	}
	h.Close(t.Context())
	if got := messages(s); asked != 2 || len(got) != 3 || !strings.Contains(got[1], `"asked":2`) {
		t.Errorf("asked %d times: %q", asked, got)
	}
}

// CloudWatch would make no metrics, and say nothing.
func TestMetricsNeedAStandardLogGroup(t *testing.T) {
	for class, want := range map[string]string{"": "", "STANDARD": "", "INFREQUENT_ACCESS": "no metrics of log groups of the class INFREQUENT_ACCESS"} {
		opts := watchtower.Options{MetricNamespace: "app", LogGroupClass: class}
		if err := opts.Validate("g"); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", class, err)
		}
	}
}
