package store

import (
	"bytes"
	"slices"
	"sort"
)

// A page gathers the first events of a range from blocks that overlap, in any
// order of blocks: what it has is always the longest run of the smallest
// positions seen that fits. So a page costs memory for itself and one block,
// however many blocks reach into it.
type page struct {
	back      bool // the largest positions instead; events descend
	maxEvents int  // 0: no bound
	maxBytes  int  // 0: no bound
	events    []Event
	bytes     int
	over      bool   // an event did not fit, the page is complete …
	end       Cursor // … and ends before this event, even if a later one would fit
}

func newPage(r *Range) *page {
	return &page{back: r.Backward, maxEvents: r.MaxEvents, maxBytes: r.MaxBytes}
}

// before is the order of the page.
func (p *page) before(a, b Cursor) bool {
	if p.back {
		a, b = b, a
	}
	return a.Compare(b) < 0
}

// find returns how many events of the page are before c.
func (p *page) find(c Cursor) int {
	return sort.Search(len(p.events), func(i int) bool { return !p.before(p.events[i].Cursor(), c) })
}

// add takes events of one block, which ascend; the slice becomes the page's.
func (p *page) add(events []Event) {
	if len(events) == 0 {
		return
	}
	if p.back {
		slices.Reverse(events)
	}
	// Only what is behind the first new event has to be merged: mostly nothing.
	tail := p.drop(p.find(events[0].Cursor()))
	if room := len(tail) + len(events); p.maxEvents > 0 {
		p.events = slices.Grow(p.events, min(room, p.maxEvents-len(p.events)))
	}
	for len(tail) > 0 || len(events) > 0 {
		from := &events
		if len(events) == 0 || len(tail) > 0 && p.before(tail[0].Cursor(), events[0].Cursor()) {
			from = &tail
		}
		if e := &(*from)[0]; !p.push(e) {
			p.stop(e.Cursor())
			return
		}
		*from = (*from)[1:]
	}
}

// push adds an event at the end, if it fits there.
func (p *page) push(e *Event) bool {
	n := len(p.events)
	if p.maxEvents > 0 && n == p.maxEvents || n > 0 && p.maxBytes > 0 && p.bytes+e.cost() > p.maxBytes || p.over && !p.before(e.Cursor(), p.end) {
		return false
	}
	p.events, p.bytes = append(p.events, *e), p.bytes+e.cost()
	return true
}

// stop completes the page: what is at c or behind it does not fit.
func (p *page) stop(c Cursor) {
	if !p.over || p.before(c, p.end) {
		p.over, p.end = true, c
	}
}

// drop removes the events from the nth on and returns them.
func (p *page) drop(n int) []Event {
	tail := slices.Clone(p.events[n:])
	for i := range tail {
		p.bytes -= tail[i].cost()
	}
	clear(p.events[n:])
	p.events = p.events[:n]
	return tail
}

// cut drops what lies at or behind the horizon, where events may be missing.
func (p *page) cut(horizon Cursor) {
	if n := p.find(horizon); n < len(p.events) {
		p.drop(n)
	}
	// When what did not fit is behind the horizon, a smaller event that is not
	// known yet may come before it. A full number of events is beyond doubt.
	p.over = p.over && (p.before(p.end, horizon) || p.maxEvents > 0 && len(p.events) == p.maxEvents)
}

// ends is whether events at the time or behind it can't be part of the page.
func (p *page) ends(time int64) bool {
	// A small event may still fit before one that does not.
	if p.over && p.behind(time, p.end.Time) {
		return true
	}
	n := len(p.events)
	return p.maxEvents > 0 && n == p.maxEvents && p.behind(time, p.events[n-1].Time)
}

// behind is whether t comes after u in the order of the page.
func (p *page) behind(t, u int64) bool {
	if p.back {
		return t < u
	}
	return t > u
}

// result returns the events in ascending order.
func (p *page) result() []Event {
	if p.back {
		slices.Reverse(p.events)
	}
	return p.events
}

// search returns the index of the first event at or behind c.
func search(events []Event, c Cursor) int {
	return sort.Search(len(events), func(i int) bool { return events[i].Cursor().Compare(c) >= 0 })
}

// detach copies the messages, when they are so few that they should not keep
// the memory of their block.
func detach(events []Event, block int64) {
	kept := 0
	for i := range events {
		kept += events[i].cost()
	}
	if int64(kept) < block/4 {
		for i := range events {
			events[i].Message = bytes.Clone(events[i].Message)
		}
	}
}
