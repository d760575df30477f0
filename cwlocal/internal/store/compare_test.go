package store

import (
	"fmt"
	"slices"
)

// limits are random, from one event to all at once.
func (t *trial) limits(n int) (r Range) {
	if t.rnd.IntN(3) > 0 {
		r.MaxEvents = 1 + n/8 + t.rnd.IntN(1+n)
	}
	if t.rnd.IntN(3) == 0 {
		r.MaxBytes = 100 + n*10 + t.rnd.IntN(1000*(1+n))
	}
	r.Backward = t.rnd.IntN(2) == 0
	return r
}

// window narrows the range to random times and returns what is left.
func (t *trial) window(r *Range, events []Event) []Event {
	if len(events) == 0 || t.rnd.IntN(2) == 0 {
		return events
	}
	r.Start = events[t.rnd.IntN(len(events))].Time + int64(t.rnd.IntN(2))
	r.End = r.Start + int64(t.rnd.IntN(100_000))
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Time < r.Start || e.Time >= r.End })
}

// read pages through a stream; each page must be the model's.
func (t *trial) read(k GroupKey, name string, want []Event) {
	t.Helper()
	r := t.limits(len(want))
	r.NotBefore = t.model.groups[k].cutoff
	for want = t.window(&r, want); ; {
		got, more, err := t.store.Read(k, name, r)
		if err != nil {
			t.Fatal(err)
		}
		page, wantMore := t.model.page(want, r)
		t.same(fmt.Sprintf("read %v %s %+v", k, name, r), got, page)
		if more != wantMore {
			t.Fatalf("read %v %s %+v: more = %v with %d of %d events", k, name, r, more, len(got), len(want))
		}
		if len(got) == 0 {
			return
		}
		if r.Backward {
			r.From, want = got[0].Cursor(), want[:len(want)-len(got)]
		} else {
			r.From, want = got[len(got)-1].Cursor(), want[len(got):]
		}
	}
}

// scan pages through all streams but one; the pages together must be the model's.
func (t *trial) scan(k GroupKey, g *modelGroup) {
	t.Helper()
	without := t.stream()
	var want []Event
	for name, events := range g.streams {
		if name != without {
			want = append(want, visible(g, events)...)
		}
	}
	slices.SortFunc(want, func(a, b Event) int { return a.Cursor().Compare(b.Cursor()) })
	r := t.limits(len(want))
	r.NotBefore = g.cutoff
	want = t.window(&r, want)
	var keep func(*Event) bool
	if t.rnd.IntN(2) == 0 {
		keep = func(e *Event) bool { return number(e.Message)%3 != 0 }
		want = slices.DeleteFunc(slices.Clone(want), func(e Event) bool { return !keep(&e) })
	}
	got := t.scanned(k, func(name string) bool { return name != without }, r, keep)
	t.same(fmt.Sprintf("scan %v %+v", k, r), got, want)
	t.get(k, got)
}

// scanned are the events of all pages.
func (t *trial) scanned(k GroupKey, match func(string) bool, r Range, keep func(*Event) bool) (all []Event) {
	t.Helper()
	for more := true; more; {
		page, next, open, err := t.store.Scan(k, match, r, keep)
		if err != nil {
			t.Fatal(err)
		}
		if r.MaxEvents > 0 && len(page) > r.MaxEvents || open && next == r.From {
			t.Fatalf("scan %v %+v: a page of %d events up to %v", k, r, len(page), next)
		}
		if r.Backward {
			all = append(page, all...)
		} else {
			all = append(all, page...)
		}
		r.From, more = next, open
	}
	return all
}

// number is the number of the put, as events writes it into messages.
func number(message []byte) (n int) {
	fmt.Sscan(string(message[:min(20, len(message))]), &n)
	return n
}

func (t *trial) get(k GroupKey, events []Event) {
	t.Helper()
	if len(events) == 0 {
		return
	}
	want := events[t.rnd.IntN(len(events))]
	got, err := t.store.Get(k, want.Cursor())
	if err != nil || string(got.Message) != string(want.Message) {
		t.Fatalf("get %v: %q, %v", want.Cursor(), got.Message, err)
	}
	if _, err := t.store.Get(k, Cursor{want.Time, want.Seq + 1<<40}); err != ErrEventMissing {
		t.Fatalf("get beyond: %v", err)
	}
}

// same compares all but the sequence numbers, whose puts are numbered differently.
func (t *trial) same(what string, got, want []Event) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d events, want %d", what, len(got), len(want))
	}
	for i := range got {
		g, w := &got[i], &want[i]
		if g.Time != w.Time || g.Ingestion != w.Ingestion || g.Stream != w.Stream || string(g.Message) != string(w.Message) {
			t.Fatalf("%s: event %d is %d %s %.40q, want %d %s %.40q", what, i, g.Time, g.Stream, g.Message, w.Time, w.Stream, w.Message)
		}
		if i > 0 && got[i-1].Cursor().Compare(g.Cursor()) >= 0 {
			t.Fatalf("%s: event %d at %v comes after %v", what, i, g.Cursor(), got[i-1].Cursor())
		}
	}
}

// finish compares everything once more and checks the store.
func (t *trial) finish() {
	t.Helper()
	for k, g := range t.model.groups {
		for name, events := range g.streams {
			t.read(k, name, visible(g, events))
		}
		t.scan(k, g)
		if g.cutoff == 0 {
			t.totals(k, g)
		}
	}
	if err := t.store.Check(); err != nil {
		t.Fatal(err)
	}
	if err := t.store.Stats().Background; err != nil {
		t.Fatal(err)
	}
}

// totals compares what is told of a group and its streams.
func (t *trial) totals(k GroupKey, g *modelGroup) {
	t.Helper()
	var bytes int64
	for name, events := range g.streams {
		st, err := t.store.Stream(k, name)
		t.must("stream", err, nil)
		var first, last int64
		for i := range events {
			bytes += int64(events[i].cost())
			first, last = events[0].Time, events[i].Time
		}
		if st.FirstEvent != first || st.LastEvent != last {
			t.Fatalf("stream %v %s: %+v, want events from %d to %d", k, name, st, first, last)
		}
	}
	if got, err := t.store.Group(k); err != nil || got.StoredBytes != bytes {
		t.Fatalf("group %v: %d bytes, want %d, %v", k, got.StoredBytes, bytes, err)
	}
}
