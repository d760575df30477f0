package encode

import "encoding/json"

// protect keeps what declares metrics whole, and the fields that it refers to:
// metrics and dimensions. Where these do not fit by themselves it leaves out what
// declares them, which makes the others fields as any.
func (s *shrinker) protect() {
	var names map[string]bool
	size, at := 0, 0
	for i := range s.members {
		if m := &s.members[i]; s.name(m) == metadata {
			names, at = parseDeclaration(s.msg[m.value:m.to]).names, i
		}
	}
	if names == nil {
		return
	}
	for i := range s.members {
		if m := &s.members[i]; i == at || names[s.name(m)] {
			m.whole, m.least = true, m.most
			size += m.most + 1
		}
	}
	if size <= s.room(s.maxNames()) {
		return
	}
	s.drop(&s.members[at])
	for i := range s.members {
		m := &s.members[i]
		if !m.whole {
			continue
		}
		m.whole = false
		for _, l := range s.longsOf(i) {
			m.least -= l.len() - keepString
		}
	}
}

// metricNames are what a declaration of metrics refers to.
type metricNames struct {
	metrics []string
	names   map[string]bool // of metrics and of dimensions; nil if there is no declaration
}

// parseDeclaration reads the value of the field that declares metrics.
func parseDeclaration(text []byte) (m metricNames) {
	var d struct {
		CloudWatchMetrics []struct {
			Dimensions [][]string
			Metrics    []struct{ Name string }
		}
	}
	if json.Unmarshal(text, &d) != nil || len(d.CloudWatchMetrics) == 0 {
		return m
	}
	m.names = make(map[string]bool)
	for _, c := range d.CloudWatchMetrics {
		for _, set := range c.Dimensions {
			for _, name := range set {
				m.names[name] = true
			}
		}
		for _, metric := range c.Metrics {
			m.names[metric.Name] = true
			m.metrics = append(m.metrics, metric.Name)
		}
	}
	return m
}

// declared finds the declaration of metrics in an object.
func declared(msg []byte) metricNames {
	s := scanner{msg: msg}
	s.object(0, true)
	return s.declared()
}

func (s *scanner) declared() (m metricNames) {
	for i := range s.members {
		if f := &s.members[i]; s.name(f) == metadata {
			m = parseDeclaration(s.msg[f.value:f.to])
		}
	}
	return m
}

// declaration returns an object of what declares metrics in msg, and of the fields
// that it refers to, for an event beside the parts of msg, which declare nothing. It
// is nil if there is none, or if it would be longer than limit.
func declaration(msg []byte, limit int, level, id string) []byte {
	s := scanner{msg: msg}
	s.object(0, true)
	names := s.declared().names
	if names == nil {
		return nil
	}
	out := []byte{'{'}
	if level != "" && !names["level"] {
		out = append(quoted(append(out, `"level":`...), level), ',')
	}
	if !names["_id"] {
		out = append(quoted(append(out, `"_id":`...), id), ',')
	}
	for i := range s.members {
		if f := &s.members[i]; names[s.name(f)] || s.name(f) == metadata {
			out = append(append(out, msg[f.from:f.to]...), ',')
		}
	}
	if out[len(out)-1] = '}'; len(out) > limit {
		return nil
	}
	return out
}
