package encode

import (
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a metric, from the embedded metric format's specification and its
// schema,
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html,
// and from what it refers to, API_MetricDatum and API_Dimension of CloudWatch.
const (
	maxMetricName     = 1024 // characters
	maxMetricValues   = 100
	maxMetrics        = 100 // in a directive
	maxDimensions     = 30  // in a set
	maxDimensionName  = 250 // characters
	maxDimensionValue = 1024
)

// maxMetricValue is the largest value, and the smallest with a minus before it.
var maxMetricValue = math.Ldexp(1, 360)

// units are those of API_MetricDatum; an empty one is None.
var units = strings.Fields(` None
	Seconds Microseconds Milliseconds
	Bytes Kilobytes Megabytes Gigabytes Terabytes
	Bits Kilobits Megabits Gigabits Terabits
	Percent Count
	Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second
	Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second
	Count/Second`)

// reserved are the fields that the library writes itself, some of them later.
var reserved = []string{metadata, "_truncated", originalTime, sampledOut}

// A Metric is the value of an attribute that becomes a metric, if there is an
// Options.Namespace.
type Metric struct {
	Value  float64
	Values []float64 // if not nil, in place of Value
	Unit   string
	// High stores it by the second instead of by the minute.
	High bool
}

// LogValue is what all other handlers see: a number, or a list of numbers.
func (m *Metric) LogValue() slog.Value {
	if m.Values == nil {
		return slog.Float64Value(m.Value)
	}
	return slog.AnyValue(m.Values)
}

// values returns the values, one or more.
func (m *Metric) values() []float64 {
	if m.Values == nil {
		return []float64{m.Value}
	}
	return m.Values
}

// Dimensions is the value of an attribute that names top-level attributes as the
// dimensions of the record's metrics: one set.
type Dimensions []string

// LogValue is what all other handlers see: nothing.
func (Dimensions) LogValue() slog.Value { return slog.GroupValue() }

// A metricAttr is an attribute that is a metric.
type metricAttr struct {
	name string
	*Metric
	clash bool // it is made of several that don't go together
}

// and returns a metric with the values of both, which have the same name.
func (m metricAttr) and(other metricAttr) metricAttr {
	m.clash = m.clash || m.Unit != other.Unit || m.High != other.High
	sum := *m.Metric
	sum.Values = slices.Concat(m.values(), other.values())
	m.Metric = &sum
	return m
}

// metered reports whether metrics are wanted.
func (b *Buffer) metered() bool { return b.enc != nil && b.enc.opts.Namespace != "" }

// isMetric reports whether a value is a metric, or names dimensions.
func isMetric(v slog.Value) bool {
	switch v := v.Any().(type) {
	case *Metric:
		return v != nil
	case Dimensions:
		return true
	}
	return false
}

// metric keeps an attribute that is a metric, or names dimensions, for the end of
// the record. It reports whether it is one.
func (b *Buffer) metric(a slog.Attr) bool {
	switch v := a.Value.Any().(type) {
	case *Metric:
		if v == nil {
			return false
		}
		if !utf8.ValidString(a.Key) {
			a.Key = string([]rune(a.Key)) // as it will be written
		}
		b.metrics = append(b.metrics, metricAttr{name: a.Key, Metric: v})
	case Dimensions:
		b.dims = append(b.dims, v)
	default:
		return false
	}
	return true
}

// wrong says why m cannot be a metric, or is empty.
func (m metricAttr) wrong() string {
	n := utf8.RuneCountInString(m.name)
	switch values := m.values(); {
	case strings.TrimSpace(m.name) == "":
		return "its name is blank"
	case n > maxMetricName:
		return fmt.Sprintf("its name has %d characters, at most %d are allowed", n, maxMetricName)
	case slices.Contains(reserved, m.name):
		return "its name is kept for the library: choose another"
	case m.clash:
		return "the record has another of that name, with another unit or resolution"
	case len(values) == 0:
		return "it has no value"
	case len(values) > maxMetricValues:
		return fmt.Sprintf("it has %d values, at most %d are allowed: spread them over several records", len(values), maxMetricValues)
	case slices.ContainsFunc(values, func(v float64) bool { return !(math.Abs(v) <= maxMetricValue) }):
		return "a value is no number of CloudWatch's: it is NaN, infinite, or beyond ±2^360"
	case m.Unit != "" && !slices.Contains(units, m.Unit):
		return "its unit is not known: use a Unit constant"
	}
	return ""
}

// wrong says why d cannot be a set of dimensions of that record, or is empty.
func (d Dimensions) wrong(r *root) string {
	if len(d) > maxDimensions {
		return fmt.Sprintf("there are %d, at most %d are allowed in a set", len(d), maxDimensions)
	}
	for _, name := range d {
		value, text := r.texts[name]
		switch n := r.counts[name]; {
		case !plain(name, maxDimensionName) || name[0] == ':':
			return fmt.Sprintf("a name has 1 to %d ASCII characters, is not blank and begins with no colon", maxDimensionName)
		case slices.Contains(reserved, name) || r.isMetric(name):
			return fmt.Sprintf("%q is also a metric, or kept for the library", name)
		case n == 0 && slices.Contains(r.late, name):
			return fmt.Sprintf("the value of the field %q was not known yet", name)
		case n == 0:
			return fmt.Sprintf("the record has no top-level attribute %q", name)
		case n > 1:
			return fmt.Sprintf("the record has %d top-level attributes %q: leave one", n, name)
		case !text:
			return fmt.Sprintf("the value of %q is no string: log it as one", name)
		case !plain(value, maxDimensionValue):
			return fmt.Sprintf("the value of %q does not have 1 to %d ASCII characters that are not blank", name, maxDimensionValue)
		}
	}
	return ""
}

// plain reports whether s has up to most printable ASCII characters, and not only
// blanks.
func plain(s string, most int) bool {
	return strings.TrimSpace(s) != "" && len(s) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) })
}
