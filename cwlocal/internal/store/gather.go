package store

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A gathering is the blocks that may hold the next events of a range, found
// in the index alone.
//
// The index is ordered by the time of a block's first event, but blocks
// overlap: a block that begins early may end late. What makes a page certain
// all the same is the span, the longest time that any block of the stream
// takes. Forward, no block still to come has an event before its own first;
// backward, none has an event behind its first plus the span. That limit is
// the horizon of a walk that stops early, and what lies before it is complete.
type gathering struct {
	bounds
	back bool
	// enough says when a stream's blocks suffice; progress has priority.
	enough enough
	refs   []streamBlock
	// open is set when some stream has more blocks than were gathered. Then
	// only positions before the horizon (back: behind it) are complete.
	open    bool
	horizon Cursor
}

// A streamBlock is a block with the name of its stream.
type streamBlock struct {
	ref
	stream string
}

// enough bounds the blocks gathered from each stream. It is a matter of cost
// alone: whatever it says, the horizon keeps the page right.
type enough struct {
	events int   // that many events are certain; 0: no bound
	cost   int64 // so many bytes of them are certain
	refs   int   // so many blocks
}

// stream gathers the blocks of one stream.
func (g *gathering) stream(s *Store, r reader, st *namedStream) error {
	// The span has to be of the same snapshot as the index: a merge may have
	// made both a block and the span longer since the stream was looked up.
	record, err := st.fresh(r)
	if err != nil {
		return s.corrupt(fmt.Sprintf("log stream %q", st.name), err)
	}
	if record.events == 0 || g.empty() {
		return nil
	}
	w := walk{gathering: g, name: st.name, span: record.span, start: len(g.refs)}
	step := func(k, v []byte) bool {
		var b ref
		if b, err = parseRef(k, v); err != nil {
			err = s.corrupt(fmt.Sprintf("the index of log stream %q", st.name), err)
			return false
		}
		return w.step(b)
	}
	// Blocks that reach into the bounds begin no earlier than span before them.
	from := indexKey(st.id, subtract(g.low.Time, record.span), 0)
	to := after(indexPrefix(st.id))
	if g.high.Time < math.MaxInt64 {
		to = indexKey(st.id, g.high.Time+1, 0)
	}
	if g.back {
		r.descend(from, to, step)
	} else {
		r.ascend(from, to, step)
	}
	return err
}

// A walk goes through the index of one stream.
type walk struct {
	*gathering
	name  string
	span  int64
	start int // of the stream's refs
	// The refs from start up to sure hold only events that no block still to
	// come can come before.
	sure   int
	events int
	cost   int64
}

// step takes the next block of the index, or stops the walk before it.
func (w *walk) step(b ref) bool {
	if !b.within(w.bounds) {
		return true
	}
	// limit is where blocks still to come may have events.
	limit := b.first
	if w.back {
		limit = add(b.first, w.span)
	}
	for ; w.sure < len(w.refs)-w.start && w.certain(&w.refs[w.start+w.sure].ref, limit); w.sure++ {
		done := &w.refs[w.start+w.sure].ref
		w.events, w.cost = w.events+done.count, w.cost+done.cost
	}
	if w.enoughFor(limit) {
		w.close(limit)
		return false
	}
	w.refs = append(w.refs, streamBlock{b, w.name})
	return true
}

// certain is whether all events of b come before the limit.
func (w *walk) certain(b *ref, limit int64) bool {
	if w.back {
		return b.first > limit
	}
	return add(b.first, w.span) < limit
}

func (w *walk) enoughFor(limit int64) bool {
	if !w.progress(limit) {
		return false
	}
	e := &w.enough
	return e.events > 0 && w.events > e.events || w.cost > e.cost || len(w.refs)-w.start >= e.refs
}

// at is the horizon when blocks still to come have events from the limit on
// (up to it, when back).
func (g *gathering) at(limit int64) Cursor {
	if g.back {
		return Cursor{Time: add(limit, 1)}
	}
	return Cursor{Time: limit}
}

// progress is whether somebody who goes on at the limit is further than before.
func (g *gathering) progress(limit int64) bool {
	if g.back {
		return g.at(limit).Compare(g.high) < 0
	}
	return g.at(limit).Compare(g.low) > 0
}

// close marks the gathering as open from the limit on.
func (g *gathering) close(limit int64) {
	horizon := g.at(limit)
	switch {
	case !g.open:
		g.open, g.horizon = true, horizon
	case g.back:
		g.horizon = greatest(g.horizon, horizon)
	default:
		g.horizon = least(g.horizon, horizon)
	}
}

// sort orders the blocks by where they begin to matter.
func (g *gathering) sort() {
	slices.SortFunc(g.refs, func(a, b streamBlock) int {
		if g.back {
			return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(b.block, a.block))
		}
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.block, b.block))
	})
}

// nearest is the time of the block where it begins to matter.
func (g *gathering) nearest(b *ref) int64 {
	if g.back {
		return b.last
	}
	return b.first
}

// reaches is whether a block that begins to matter at the time has anything to
// give before the horizon.
func (g *gathering) reaches(time int64) bool {
	switch {
	case !g.open:
		return true
	case g.back:
		return time >= g.horizon.Time
	}
	return time < g.horizon.Time
}

// add and subtract stop at the ends of time.
func add(t, d int64) int64 {
	if t > math.MaxInt64-d {
		return math.MaxInt64
	}
	return t + d
}

func subtract(t, d int64) int64 {
	if t < math.MinInt64+d {
		return math.MinInt64
	}
	return t - d
}
