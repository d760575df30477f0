package encode

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// metadata is the field that makes a message one of the embedded metric format.
const metadata = "_aws"

// A root is the top level of a record that has metrics.
type root struct {
	counts  map[string]int    // how many attributes have a name
	texts   map[string]string // the values of those that are strings, the last of a name
	metrics []metricAttr
	late    []string // the names of fields that will be there, with values not known yet
}

// embed writes the metrics of a record, outside of all groups and last, and the
// field that declares them. What breaks a limit is reported, and written without
// being declared.
func (b *Buffer) embed(e *Encoder, ms int64) {
	r := b.root(slices.Concat(e.metrics, b.metrics))
	if b.room > 0 {
		r.late = e.opts.Late.keys()
	}
	sets, ok := r.sets(e, slices.Concat(e.dims, b.dims))
	declared, others := r.sort(e)
	if !ok {
		declared, others = nil, r.metrics
	}
	for _, m := range slices.Concat(others, declared) {
		b.jsonKey(m.name)
		b.numbers(m.Metric)
	}
	if len(declared) == 0 {
		return
	}
	b.jsonKey(metadata)
	dst, n := escape(b.out, view(directives(e.opts.Namespace, ms, sets, declared)))
	b.out = dst
	b.extra += n
}

// numbers writes the value or the values of a metric.
func (b *Buffer) numbers(m *Metric) {
	if m.Values == nil {
		b.jsonFloat(m.Value)
		return
	}
	b.out = append(b.out, '[')
	for i, v := range m.Values {
		if i > 0 {
			b.out = append(b.out, ',')
		}
		b.jsonFloat(v)
	}
	b.out = append(b.out, ']')
}

// directives is the value of the field that declares metrics.
func directives(namespace string, ms int64, sets []Dimensions, metrics []metricAttr) []byte {
	dst := strconv.AppendInt([]byte(`{"Timestamp":`), ms, 10)
	dst = append(dst, `,"CloudWatchMetrics":[`...)
	for i, m := range metrics {
		if i%maxMetrics == 0 {
			if i > 0 {
				dst = append(dst, `]},`...)
			}
			dst = append(quoted(append(dst, `{"Namespace":`...), namespace), `,"Dimensions":[`...)
			for k, set := range sets {
				if k > 0 {
					dst = append(dst, ',')
				}
				dst = appendSet(dst, set)
			}
			dst = append(dst, `],"Metrics":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = appendDefinition(dst, m)
	}
	return append(dst, `]}]}`...)
}

func appendSet(dst []byte, set Dimensions) []byte {
	dst = append(dst, '[')
	for i, name := range set {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = quoted(dst, name)
	}
	return append(dst, ']')
}

func appendDefinition(dst []byte, m metricAttr) []byte {
	dst = quoted(append(dst, `{"Name":`...), m.name)
	if m.Unit != "" {
		dst = quoted(append(dst, `,"Unit":`...), m.Unit)
	}
	if m.High {
		dst = append(dst, `,"StorageResolution":1`...)
	}
	return append(dst, '}')
}

// quoted appends s as a JSON string.
func quoted(dst []byte, s string) []byte {
	dst, _ = escape(append(dst, '"'), s)
	return append(dst, '"')
}

// root reads the top level of the message so far.
func (b *Buffer) root(metrics []metricAttr) *root {
	r := &root{counts: map[string]int{}, texts: map[string]string{}, metrics: metrics}
	s := scanner{msg: append(unescape(nil, view(b.out[b.body:])), '}')}
	s.object(0, true)
	for i := range s.members {
		m := &s.members[i]
		name := s.name(m)
		r.counts[name]++
		var text string
		if s.msg[m.value] == '"' && json.Unmarshal(s.msg[m.value:m.to], &text) == nil {
			r.texts[name] = text
		}
	}
	return r
}

// name is the key of a member.
func (s *scanner) name(m *member) string {
	var name string
	_ = json.Unmarshal(s.msg[m.from:m.from+m.keyLen(s.msg)+2], &name) // it is valid
	return name
}

func (r *root) isMetric(name string) bool {
	return slices.ContainsFunc(r.metrics, func(m metricAttr) bool { return m.name == name })
}

// sets returns the sets of dimensions that can be declared, each once, since it
// makes metrics of its own; without any the metrics have one without dimensions.
// It reports whether there is one.
func (r *root) sets(e *Encoder, all []Dimensions) (good []Dimensions, ok bool) {
	if len(all) == 0 {
		return []Dimensions{{}}, true
	}
	var bad []Dimensions
	var whys []string
	seen := map[string]bool{}
	for _, d := range all {
		if why := d.wrong(r); why != "" {
			bad, whys = append(bad, d), append(whys, why)
			continue
		}
		var set Dimensions
		for _, name := range d {
			if !slices.Contains(set, name) {
				set = append(set, name)
			}
		}
		if id := strings.Join(slices.Sorted(slices.Values(set)), "\n"); !seen[id] { // no name has a newline
			seen[id] = true
			good = append(good, set)
		}
	}
	for i, d := range bad {
		if len(good) == 0 {
			whys[i] += "; there is no other set, so the metrics of the record stay attributes"
		}
		e.report("", d, whys[i])
	}
	return good, len(good) > 0
}

// sort returns the metrics that can be declared, those of the same name in one,
// and the others as they are.
func (r *root) sort(e *Encoder) (good, others []metricAttr) {
	index := map[string]int{}
	for _, m := range r.metrics {
		if i, again := index[m.name]; again {
			good[i] = good[i].and(m)
		} else {
			index[m.name] = len(good)
			good = append(good, m)
		}
	}
	bad := map[string]bool{}
	for _, m := range good {
		why := m.wrong()
		if why == "" && (r.counts[m.name] > 0 || slices.Contains(r.late, m.name)) {
			why = "the record has another attribute of that name"
		}
		if why == "" && (r.counts[metadata] > 0 || r.isMetric(metadata)) {
			why = "the record has an attribute _aws of its own: leave out that one, or the metrics"
		}
		if bad[m.name] = why != ""; bad[m.name] {
			e.report(m.name, nil, why)
		}
	}
	for _, m := range r.metrics {
		if bad[m.name] {
			others = append(others, m)
		}
	}
	return slices.DeleteFunc(good, func(m metricAttr) bool { return bad[m.name] }), others
}

// report tells of a metric, or of a set of dimensions, that is not declared.
func (e *Encoder) report(metric string, d Dimensions, why string) {
	if e.opts.Report != nil {
		e.opts.Report(metric, d, why)
	}
}
