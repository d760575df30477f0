package encode

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// lengthy makes events of a long record with a metric.
func lengthy(t *testing.T, o Options, attrs ...slog.Attr) (messages, told []string) {
	t.Helper()
	o.Namespace, o.MaxSize = "app", 512
	o.Report = func(metric string, _ Dimensions, why string) { told = append(told, metric+": "+why) }
	r := slog.NewRecord(time.UnixMilli(1763670000123).UTC(), slog.LevelWarn, strings.Repeat("long \"é ", 200), 0)
	r.AddAttrs(attrs...)
	b := Get()
	defer b.Free()
	if err := New(o).Record(b, r); err != nil {
		t.Fatal(err)
	}
	for i := range b.Events() {
		messages = append(messages, Message(&b.Events()[i]))
	}
	return messages, told
}

func TestSplitKeepsMetrics(t *testing.T) {
	for _, level := range []string{"", "level"} {
		attrs := []slog.Attr{metric("A", 1, 2), slog.String("Service", "s"), slog.Int("n", 1), dims("Service")}
		if level != "" {
			attrs = append(attrs, dims(level))
		}
		got, told := lengthy(t, Options{Oversize: Split}, attrs...)
		last := got[len(got)-1]
		metrics := 0
		for i, msg := range got {
			n, err := validate(msg)
			if err != nil || len(msg) > 512 || i < len(got)-1 && !strings.Contains(msg, `"_part":"`) {
				t.Errorf("%v: %s", err, msg)
			}
			metrics += n
		}
		id, _, _ := strings.Cut(got[0][strings.Index(got[0], `"_id":`):], ",")
		if metrics != 1 || told != nil || !strings.Contains(last, id) || strings.Contains(last, `"n"`) || !strings.Contains(last, `"level":"WARN"`) {
			t.Errorf("%d metrics, %q: %s", metrics, told, last)
		}
	}
	if got, _ := lengthy(t, Options{Oversize: Split}, slog.Int("n", 1)); !strings.Contains(got[len(got)-1], `"_part"`) {
		t.Errorf("no metrics: %s", got)
	}
}

func TestMetricsThatDoNotFitAreTold(t *testing.T) {
	for _, o := range []Oversize{Shrink, Split} {
		got, told := lengthy(t, Options{Oversize: o}, metric("A", 1), slog.String("S", strings.Repeat("s", 600)), dims("S"))
		if len(told) != 1 || !strings.HasPrefix(told[0], "A: the record is longer") {
			t.Errorf("%v: told %q", o, told)
		}
		for _, msg := range got {
			if n, err := validate(msg); n != 0 || err != nil {
				t.Errorf("%v: %d metrics, %v: %s", o, n, err, msg)
			}
		}
	}
	if _, told := lengthy(t, Options{Oversize: Shrink}, metric("A", 1)); told != nil {
		t.Errorf("told %q of metrics that fit", told)
	}
}
