package encode

import (
	"log/slog"
	"testing"
	"time"
)

// took is a value that logs itself as a metric.
type took float64

func (s took) LogValue() slog.Value {
	return slog.AnyValue(&Metric{Value: float64(s), Unit: "Seconds"})
}

func TestMetricsMayComeFromValuesAndHooks(t *testing.T) {
	var o Options
	o = Options{
		Namespace: "app",
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == "Latency" && o.Namespace != "" {
				t.Error("ReplaceAttr sees a metric")
			}
			if a.Key == "n" {
				a.Value = slog.AnyValue(&Metric{Value: float64(a.Value.Int64())})
			}
			return a
		},
		EncodeAny: func(v any) (any, bool) {
			m, ok := v.(money)
			return &Metric{Value: float64(m.cents)}, ok
		},
	}
	r := slog.NewRecord(time.UnixMilli(1763670000123), slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.Any("Latency", took(1.5)), slog.Int("n", 2), slog.Any("cents", money{3}), slog.Any("none", (*Metric)(nil)))
	if n, err := validate(line(t, New(o), r)); n != 3 || err != nil {
		t.Errorf("%d metrics, %v: %s", n, err, line(t, New(o), r))
	}
	o.Namespace = ""
	if n, err := validate(line(t, New(o), r)); n != 0 || err != nil {
		t.Errorf("%d metrics, %v: %s", n, err, line(t, New(o), r))
	}
}
