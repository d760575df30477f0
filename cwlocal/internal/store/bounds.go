package store

import "math"

// bounds are the positions that a Range leaves: low ≤ position < high.
type bounds struct{ low, high Cursor }

// bounds puts together what a Range says of positions.
func (r *Range) bounds() bounds {
	b := bounds{
		low:  Cursor{Time: max(r.Start, r.NotBefore)},
		high: Cursor{math.MaxInt64, math.MaxUint64},
	}
	if r.End != 0 {
		b.high = Cursor{Time: r.End}
	}
	if r.From == (Cursor{}) {
		return b
	}
	from := r.From
	if r.Inclusive == r.Backward {
		from.Seq++ // the position behind From; no event has the largest number
	}
	if r.Backward {
		b.high = least(b.high, from)
	} else {
		b.low = greatest(b.low, from)
	}
	return b
}

func (b bounds) empty() bool { return b.low.Compare(b.high) >= 0 }

// of returns the events within the bounds; events are in order.
func (b bounds) of(events []Event) []Event {
	return events[search(events, b.low):search(events, b.high)]
}

// beyond returns what is left of the bounds when all positions before the
// horizon are done (behind it, when back).
func (b bounds) beyond(horizon Cursor, back bool) bounds {
	if back {
		b.high = least(b.high, horizon)
	} else {
		b.low = greatest(b.low, horizon)
	}
	return b
}

func least(a, b Cursor) Cursor {
	if a.Compare(b) < 0 {
		return a
	}
	return b
}

func greatest(a, b Cursor) Cursor {
	if a.Compare(b) > 0 {
		return a
	}
	return b
}
