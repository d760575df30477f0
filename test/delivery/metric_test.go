package delivery_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// logMetrics logs with all that makes metrics.
func logMetrics(l *slog.Logger) {
	l.With(watchtower.Dimensions("Service"), "Service", "checkout").WithGroup("request").Info("served",
		"id", "r-1", watchtower.Metric("Latency", 12.3, watchtower.Milliseconds),
		watchtower.HighResolution(watchtower.Metrics("Sizes", []float64{1, 2}, watchtower.Bytes)))
}

func TestMetricsStandAtTheTopLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{MetricNamespace: "shop"})
		logMetrics(slog.New(h))
		h.Close(t.Context())
		want := []string{`{"time":"2000-01-01T00:00:00Z","level":"INFO","msg":"served","Service":"checkout","request":{"id":"r-1"},` +
			`"Latency":12.3,"Sizes":[1,2],"_aws":{"Timestamp":946684800000,"CloudWatchMetrics":[{"Namespace":"shop","Dimensions":[["Service"]],` +
			`"Metrics":[{"Name":"Latency","Unit":"Milliseconds"},{"Name":"Sizes","Unit":"Bytes","StorageResolution":1}]}]}}`}
		if diff := cmp.Diff(want, utc(messages(s))); diff != "" {
			t.Error(diff)
		}
	})
}

// utc writes times of the local zone, which may be any.
func utc(messages []string) (all []string) {
	for _, m := range messages {
		all = append(all, strings.Replace(m, "+00:00", "Z", 1))
	}
	return all
}

func TestMetricsAreAttributesElsewhere(t *testing.T) {
	const want = "level=INFO msg=served Service=checkout request.id=r-1 request.Latency=12.3 request.Sizes=\"[1 2]\"\n"
	var b bytes.Buffer
	logMetrics(slog.New(slog.NewTextHandler(&b, nil)))
	if _, got, _ := strings.Cut(b.String(), " "); got != want {
		t.Errorf("slog's own: %q", got)
	}
	for _, opts := range []watchtower.Options{
		{Format: watchtower.FormatText},
		{NewFormatter: func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }},
	} {
		h, s := open(t, opts)
		logMetrics(slog.New(h))
		h.Close(t.Context())
		if _, got, _ := strings.Cut(messages(s)[0], " "); got+"\n" != want {
			t.Errorf("ours: %q", got)
		}
	}
}

func TestEachMetricErrorIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{MetricNamespace: "shop"})
		for range 3 {
			slog.New(st).Info("m", watchtower.Metric("A", math.NaN(), watchtower.Count), watchtower.Metric("B", 1, "Parsecs"))
			slog.New(st).Info("m", watchtower.Metric("C", 1, watchtower.Count), watchtower.Dimensions("S", "T"), "S", "secret\x00")
		}
		st.within(1)
		synctest.Wait()
		st.mu.Lock()
		defer st.mu.Unlock()
		var got []string
		for _, err := range st.told {
			if e, ok := errors.AsType[*watchtower.MetricError](err); !ok || e.Problem == "" {
				t.Errorf("told %T", err)
			}
			got = append(got, err.Error())
		}
		want := []string{
			`metric "A" stays an attribute: a value is no number of CloudWatch's: it is NaN, infinite, or beyond ±2^360`,
			`metric "B" stays an attribute: its unit is not known: use a Unit constant`,
			`dimensions "S, T" cannot be declared: the value of "S" does not have 1 to 1024 ASCII characters that are not blank; there is no other set, so the metrics of the record stay attributes`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDimensionsHaveRedactedValues(t *testing.T) {
	h, s := open(t, watchtower.Options{MetricNamespace: "shop", Redact: hide})
	slog.New(h).Info("m", watchtower.Metric("A", 1, ""), watchtower.Dimensions("S"), "S", secret)
	h.Close(t.Context())
	if got := messages(s)[0]; !strings.Contains(got, `"S":"REMOVED","A":1,"_aws"`) || !strings.Contains(got, `"Dimensions":[["S"]]`) {
		t.Error(got)
	}
}
