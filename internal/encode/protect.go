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
			names, at = referred(s.msg[m.value:m.to]), i
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

// referred returns the names to which a declaration of metrics refers; nil if it
// is none.
func referred(text []byte) map[string]bool {
	var d struct {
		CloudWatchMetrics []struct {
			Dimensions [][]string
			Metrics    []struct{ Name string }
		}
	}
	if json.Unmarshal(text, &d) != nil || len(d.CloudWatchMetrics) == 0 {
		return nil
	}
	names := make(map[string]bool)
	for _, c := range d.CloudWatchMetrics {
		for _, set := range c.Dimensions {
			for _, name := range set {
				names[name] = true
			}
		}
		for _, m := range c.Metrics {
			names[m.Name] = true
		}
	}
	return names
}
