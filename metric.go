package watchtower

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/internal/encode"
)

// A Unit is the unit of a metric, one of those that CloudWatch knows (see
// API_MetricDatum of its reference). The empty one is none.
type Unit string

// The units.
const (
	Seconds            Unit = "Seconds"
	Microseconds       Unit = "Microseconds"
	Milliseconds       Unit = "Milliseconds"
	Bytes              Unit = "Bytes"
	Kilobytes          Unit = "Kilobytes"
	Megabytes          Unit = "Megabytes"
	Gigabytes          Unit = "Gigabytes"
	Terabytes          Unit = "Terabytes"
	Bits               Unit = "Bits"
	Kilobits           Unit = "Kilobits"
	Megabits           Unit = "Megabits"
	Gigabits           Unit = "Gigabits"
	Terabits           Unit = "Terabits"
	Percent            Unit = "Percent"
	Count              Unit = "Count"
	BytesPerSecond     Unit = "Bytes/Second"
	KilobytesPerSecond Unit = "Kilobytes/Second"
	MegabytesPerSecond Unit = "Megabytes/Second"
	GigabytesPerSecond Unit = "Gigabytes/Second"
	TerabytesPerSecond Unit = "Terabytes/Second"
	BitsPerSecond      Unit = "Bits/Second"
	KilobitsPerSecond  Unit = "Kilobits/Second"
	MegabitsPerSecond  Unit = "Megabits/Second"
	GigabitsPerSecond  Unit = "Gigabits/Second"
	TerabitsPerSecond  Unit = "Terabits/Second"
	CountPerSecond     Unit = "Count/Second"
)

// Metric returns an attribute that CloudWatch makes a metric of, where
// Options.MetricNamespace is set: the record becomes an event of the embedded
// metric format. Its value stands at the top level of the message then, also
// when the logger has a group, and ReplaceAttr does not see it. It takes the
// time of the record, with Restamp too. What LogValue, ReplaceAttr or EncodeAny
// return may be one as well. Everywhere else, and with other handlers, it is an
// attribute that is a number.
//
// The format has limits, from [its specification] and the pages that it refers
// to: a name of 1 to 1,024 characters, a value within ±2^360, which NaN is not,
// 100 values for a name in a record, and no other attribute of that name. A
// metric that breaks one stays an attribute (one that is no number, NaN or
// infinite, as the text that slog writes for it), and OnError hears of it as a
// [*MetricError], once for each name. Several of a name in one record, With
// included, are one metric with all their values, if unit and resolution agree. A
// record may have any number of metrics: they are declared by the hundred. They stay
// whole in a message that is too long for one event (see [Oversize]), if they fit.
//
// [its specification]: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func Metric(name string, value float64, unit Unit) slog.Attr {
	return slog.Any(name, &encode.Metric{Value: value, Unit: string(unit)})
}

// Metrics is [Metric] with several values, up to 100, such as the samples of a
// histogram. Metrics of the same name, unit and resolution in one record are one
// with all their values.
func Metrics(name string, values []float64, unit Unit) slog.Attr {
	return slog.Any(name, &encode.Metric{Values: append([]float64{}, values...), Unit: string(unit)})
}

// HighResolution returns a metric that CloudWatch stores by the second instead of
// by the minute. An attribute that is no metric is returned as it is.
func HighResolution(metric slog.Attr) slog.Attr {
	if m, ok := metric.Value.Any().(*encode.Metric); ok {
		high := *m
		high.High = true
		metric.Value = slog.AnyValue(&high)
	}
	return metric
}

// Dimensions returns an attribute that makes attributes, by their keys, the
// dimensions of all metrics in the record: up to 30, at the top level, not in a
// group, and each a string of 1 to 1,024 ASCII characters. Each Dimensions is a
// set, and each set makes metrics of its own; a record without any has metrics
// without dimensions. It is best given with the attributes, by With. A set that
// breaks a limit is not declared, and OnError hears of it as a [*MetricError]; where
// there is no other, the metrics of the record stay attributes. A set that is given
// twice counts once. With other handlers it is nothing.
//
// Every value of a dimension is another metric, with its price: an id of a
// request is none.
func Dimensions(keys ...string) slog.Attr {
	return slog.Any("", encode.Dimensions(slices.Clone(keys)))
}

// A MetricError tells that a metric, or a set of dimensions, breaks a limit of
// CloudWatch. The record is logged, with all its attributes. It is told once for
// each metric and set, for up to 256 of them.
type MetricError struct {
	// Metric is the name of the metric, which stays an attribute. It is empty
	// where Dimensions are the trouble.
	Metric string
	// Dimensions are those of a set that is not declared. If there is no other,
	// Problem says so: the metrics of the record are attributes alone then.
	Dimensions []string
	// Problem says what is wrong, and shows no value.
	Problem string
}

func (e *MetricError) Error() string {
	if len(e.Dimensions) == 0 {
		return fmt.Sprintf("metric %.200q stays an attribute: %s", e.Metric, e.Problem)
	}
	return fmt.Sprintf("dimensions %.200q cannot be declared: %s", strings.Join(e.Dimensions, ", "), e.Problem)
}

// maxMetricErrors bounds the MetricErrors that are told.
const maxMetricErrors = 256

// metricErrors tells each MetricError once.
type metricErrors struct {
	tell func(error)

	mu   sync.Mutex
	told map[string]bool
}

func (m *metricErrors) report(metric string, d encode.Dimensions, problem string) {
	key := "m" + metric
	if len(d) > 0 {
		key = "d" + strings.Join(d, "\n")
	}
	key = strings.Clone(key[:min(len(key), 1024)]) // a name may be as long as a message
	m.mu.Lock()
	known := m.told[key] || len(m.told) >= maxMetricErrors
	if !known {
		if m.told == nil {
			m.told = make(map[string]bool)
		}
		m.told[key] = true
	}
	m.mu.Unlock()
	if !known {
		m.tell(&MetricError{Metric: metric, Dimensions: slices.Clone(d), Problem: problem})
	}
}

// validateMetrics checks the namespace: the specification's length, and the
// characters that "CloudWatch concepts" in its user guide lists.
func (o Options) validateMetrics() error {
	const others = "._-/#: "
	name := o.MetricNamespace
	switch n := utf8.RuneCountInString(name); {
	case name == "":
		return nil
	case o.Format != FormatJSON || o.NewFormatter != nil:
		return wrongOption("MetricNamespace", "metrics need FormatJSON and no NewFormatter")
	case o.LogGroupClass != "" && o.LogGroupClass != "STANDARD":
		return wrongOption("MetricNamespace", "CloudWatch makes no metrics of log groups of the class %s: leave out MetricNamespace or LogGroupClass", o.LogGroupClass)
	case n > 1024 || strings.TrimSpace(name) == "" || name[0] == ':':
		return wrongOption("MetricNamespace", "it has 1 to 1,024 characters, is not blank and begins with no colon")
	}
	for _, r := range name {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune(others, r) {
			return wrongOption("MetricNamespace", "it has %q: use letters and digits of ASCII, blanks and any of : . / # - _", r)
		}
	}
	return nil
}
