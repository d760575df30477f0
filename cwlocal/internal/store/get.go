package store

import (
	"errors"
	"math"
)

// Get returns the event at a position of the group, or ErrEventMissing. It
// looks into the index of every stream that has events at the time.
func (s *Store) Get(k GroupKey, c Cursor) (Event, error) {
	b := bounds{c, Cursor{c.Time, c.Seq + 1}}
	streams, err := s.matching(k, nil, b)
	if err != nil {
		return Event{}, err
	}
	for tries := 0; ; tries++ {
		p := newPage(&Range{MaxEvents: 1})
		sc := scan{store: s, page: p, pinned: tries > staleTries}
		_, _, err := sc.step(b, streams)
		switch {
		case errors.Is(err, errStale):
			continue
		case err != nil:
			return Event{}, err
		case len(p.events) == 0 || c.Seq == math.MaxUint64:
			return Event{}, ErrEventMissing
		}
		return p.events[0], nil
	}
}
