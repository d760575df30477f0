package store

import (
	"cmp"
	"slices"
)

// The model is what a store must do, in the simplest way: slices that are
// sorted again after every put.
type model struct {
	puts   uint64
	groups map[GroupKey]*modelGroup
}

type modelGroup struct {
	cutoff  int64 // of the last Expire; what is older may be gone
	streams map[string][]Event
}

func (m *model) append(k GroupKey, stream string, ingestion int64, events []Event) error {
	g := m.groups[k]
	if g == nil {
		return ErrGroupMissing
	}
	if _, ok := g.streams[stream]; !ok {
		return ErrStreamMissing
	}
	m.puts++
	all := g.streams[stream]
	for i, e := range events {
		all = append(all, Event{e.Time, ingestion, m.puts<<seqBits | uint64(i), stream, e.Message})
	}
	slices.SortStableFunc(all, func(a, b Event) int { return cmp.Compare(a.Time, b.Time) })
	g.streams[stream] = all
	return nil
}

// page is the longest run of events at the beginning, or the end, that fits.
func (m *model) page(events []Event, r Range) (page []Event, more bool) {
	size, n := 0, 0
	for n < len(events) {
		e := &events[n]
		if r.Backward {
			e = &events[len(events)-1-n]
		}
		if size += e.cost(); n > 0 && r.MaxBytes > 0 && size > r.MaxBytes || r.MaxEvents > 0 && n == r.MaxEvents {
			break
		}
		n++
	}
	if r.Backward {
		return events[len(events)-n:], n < len(events)
	}
	return events[:n], n < len(events)
}

// visible are the events that Expire must not remove.
func visible(g *modelGroup, events []Event) []Event {
	n, _ := slices.BinarySearchFunc(events, g.cutoff, func(e Event, t int64) int { return cmp.Compare(e.Time, t) })
	return events[n:]
}
