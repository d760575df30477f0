package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

const (
	// scanCost bounds what one step decodes, in bytes of messages and
	// EventOverhead, once it has made progress.
	scanCost = 8 << 20
	// scanRefs bounds the entries of the index that one step gathers, over all
	// streams; each stream has minRefs all the same.
	scanRefs, minRefs = 1 << 16, 16
	// staleTries is how often a step is tried again on a new snapshot, because a
	// block was merged or removed meanwhile, before it holds on to one.
	staleTries = 3
)

// errStale is a block that was in the index a moment ago.
var errStale = errors.New("block was merged or removed")

// Read returns a page of one stream's events in the range, ascending by (Time,
// Seq) also when Backward, and whether the range has more in its direction.
// The next page begins From the last event's Cursor (the first's when Backward).
func (s *Store) Read(k GroupKey, stream string, r Range) (events []Event, more bool, err error) {
	p, b := newPage(&r), r.bounds()
	for tries := 0; ; {
		// Looked up for each step: a stream deleted between two of them is an
		// error, not a short page.
		st := namedStream{name: stream}
		err = s.kv.view(func(rd reader) error {
			st.group, st.streamRecord, err = s.stream(rd, k, stream)
			return err
		})
		if err != nil {
			return nil, false, err
		}
		sc := scan{store: s, page: p, pinned: tries > staleTries}
		horizon, open, err := sc.step(b, []namedStream{st})
		switch {
		case errors.Is(err, errStale):
			tries++
			// Some of this step's events may be on the page already.
			p = newPage(&r)
			b = r.bounds()
			continue
		case err != nil:
			return nil, false, err
		case !open || p.over:
			return p.result(), p.over, nil
		}
		b = b.beyond(horizon, r.Backward)
	}
}

// Scan returns a page of the events of all streams that match (nil: all),
// merged by (Time, Seq), as Read does for one. keep, if not nil, chooses the
// events; it may be called for events that are not returned, and again for
// them by a later call, and must neither change nor keep the event.
//
// One call does a bounded amount of work: it may return fewer events than
// asked for, or none, though there are more. While more is true, a page goes
// on with From: next and the same Range otherwise.
func (s *Store) Scan(k GroupKey, match func(stream string) bool, r Range, keep func(*Event) bool) (events []Event, next Cursor, more bool, err error) {
	b := r.bounds()
	for tries := 0; ; tries++ {
		streams, err := s.matching(k, match, b)
		if err != nil {
			return nil, r.From, false, err
		}
		p := newPage(&r)
		sc := scan{store: s, page: p, keep: keep, pinned: tries > staleTries}
		horizon, open, err := sc.step(b, streams)
		if errors.Is(err, errStale) {
			continue
		}
		if err != nil {
			return nil, r.From, false, err
		}
		next = r.From
		if n := len(p.events); n > 0 {
			next = p.events[n-1].Cursor()
		}
		if open && !p.over {
			next = horizon
		}
		return p.result(), next, open || p.over, nil
	}
}

// matching returns the streams that may have events within the bounds.
func (s *Store) matching(k GroupKey, match func(string) bool, b bounds) (streams []namedStream, err error) {
	seen := ""
	for {
		page, err := s.streamPage(k, seen)
		if err != nil {
			return nil, err
		}
		for _, st := range page {
			if st.events > 0 && st.last >= b.low.Time && st.first <= b.high.Time && (match == nil || match(st.name)) {
				streams = append(streams, st)
			}
		}
		if len(page) < streamPage {
			return streams, nil
		}
		seen = page[len(page)-1].name
	}
}

// A scan fills a page.
type scan struct {
	store  *Store
	page   *page
	keep   func(*Event) bool
	pinned bool // one snapshot for everything, so that no block gets lost
}

// step adds what the streams have within the bounds, as far as a bounded
// amount of work goes. open is whether there may be more, from the horizon on.
func (sc *scan) step(b bounds, streams []namedStream) (horizon Cursor, open bool, err error) {
	// First the index alone, then the blocks it names, one by one, outside of
	// any transaction: decoding takes most of the time.
	g := &gathering{bounds: b, back: sc.page.back}
	g.enough = enough{cost: scanCost, refs: max(minRefs, scanRefs/max(1, len(streams)))}
	// Without keep, the index tells how many events there will be.
	if sc.keep == nil {
		g.enough.events = sc.page.maxEvents
		if m := int64(sc.page.maxBytes); m > 0 {
			g.enough.cost = min(m, scanCost)
		}
	}
	if sc.pinned {
		err = sc.store.kv.view(func(r reader) error {
			if err := sc.gather(r, g, streams); err != nil {
				return err
			}
			return sc.collect(g, func(block uint64) []byte { return r.get(dataKey(block)) })
		})
		return g.horizon, g.open, err
	}
	// Few streams a snapshot: none stays open long.
	for some := range slices.Chunk(streams, streamPage) {
		if err := sc.store.kv.view(func(r reader) error { return sc.gather(r, g, some) }); err != nil {
			return g.horizon, false, err
		}
	}
	err = sc.collect(g, sc.store.fetch)
	return g.horizon, g.open, err
}

func (sc *scan) gather(r reader, g *gathering, streams []namedStream) error {
	for i := range streams {
		if err := g.stream(sc.store, r, &streams[i]); err != nil {
			return err
		}
	}
	return nil
}

// collect decodes the blocks gathered, in order, until the page is complete.
func (sc *scan) collect(g *gathering, fetch func(block uint64) []byte) error {
	g.sort()
	spent := int64(0)
	// In order of nearest, every block that can reach into the page comes
	// before those that can't: the first that can't ends the loop.
	for i := range g.refs {
		b := &g.refs[i]
		near := g.nearest(&b.ref)
		if sc.page.ends(near) {
			// The block has an event of the range (unless keep refuses all).
			sc.page.stop(g.at(near))
			break
		}
		if !g.reaches(near) {
			break
		}
		if spent > scanCost && g.progress(near) {
			g.close(near)
			break
		}
		data := fetch(b.block)
		if data == nil && !sc.pinned {
			return errStale
		}
		events, err := sc.store.events(&b.ref, b.stream, data)
		if err != nil {
			return err
		}
		spent += b.cost
		events = sc.chosen(g.of(events))
		detach(events, b.cost)
		sc.page.add(events)
	}
	if g.open {
		sc.page.cut(g.horizon)
	}
	return nil
}

// chosen are the events that keep wants.
func (sc *scan) chosen(events []Event) []Event {
	if sc.keep == nil {
		return events
	}
	n := 0
	for i := range events {
		if sc.keep(&events[i]) {
			events[n] = events[i]
			n++
		}
	}
	return events[:n]
}

// fetch copies a block, nil when it is gone.
func (s *Store) fetch(block uint64) (data []byte) {
	// An error means that the store is closed or damaged; the next
	// transaction, on the way of every nil, meets it too.
	_ = s.kv.view(func(r reader) error {
		data = bytes.Clone(r.get(dataKey(block)))
		return nil
	})
	return data
}

// events decodes a block and names its stream.
func (s *Store) events(b *ref, stream string, data []byte) ([]Event, error) {
	s.count.decoded.Add(1)
	if data == nil {
		return nil, s.corrupt(fmt.Sprintf("block %d of log stream %q", b.block, stream), errors.New("the block is missing"))
	}
	events, owner, err := s.codec.parse(data)
	if err == nil && (owner != b.stream || len(events) != b.count || events[0].Time != b.first || events[len(events)-1].Time != b.last) {
		err = fmt.Errorf("%w: it is not what the index says", errBlock)
	}
	if err != nil {
		return nil, s.corrupt(fmt.Sprintf("block %d of log stream %q", b.block, stream), err)
	}
	for i := range events {
		events[i].Stream = stream
	}
	return events, nil
}
