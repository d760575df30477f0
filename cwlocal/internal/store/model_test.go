package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
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

// A trial runs random operations on a store and the model.
type trial struct {
	*testing.T
	rnd   *rand.Rand
	dir   string // "" = in memory: never reopened
	store *Store
	model *model
	now   int64
}

func newTrial(t *testing.T, rnd *rand.Rand, dir string) *trial {
	tr := &trial{t, rnd, dir, nil, &model{groups: map[GroupKey]*modelGroup{}}, 1_700_000_000_000}
	tr.open()
	t.Cleanup(func() { tr.store.Close() })
	return tr
}

func (t *trial) open() {
	s, err := Open(Options{Dir: t.dir})
	if err != nil {
		t.Fatal(err)
	}
	t.store = s
}

func (t *trial) key() GroupKey {
	return GroupKey{[]string{"eu", "us"}[t.rnd.IntN(2)], []string{"a", "b"}[t.rnd.IntN(2)]}
}

func (t *trial) stream() string { return []string{"s", "s1", "t"}[t.rnd.IntN(3)] }

func (t *trial) must(what string, err, want error) {
	t.Helper()
	if err != want {
		t.Fatalf("%s: error %v, want %v", what, err, want)
	}
}

// step does one operation.
func (t *trial) step() {
	k, name := t.key(), t.stream()
	g := t.model.groups[k]
	switch op := t.rnd.IntN(100); {
	case op < 5:
		t.createGroup(k)
	case op < 12:
		t.createStream(k, name)
	case op < 13:
		t.deleteStream(k, name)
	case op < 14 && t.rnd.IntN(3) == 0:
		want := ErrGroupMissing
		if g != nil {
			want = nil
		}
		t.must("delete group", t.store.DeleteGroup(k), want)
		delete(t.model.groups, k)
	case op < 70:
		events := t.events()
		want := t.model.append(k, name, t.now, events)
		t.must("append", t.store.Append(k, name, t.now, events), want)
	case op < 73 && t.dir != "":
		t.must("close", t.store.Close(), nil)
		t.open()
	case op < 75:
		t.expire()
	case g != nil && op < 90:
		if events, ok := g.streams[name]; ok {
			t.read(k, name, visible(g, events))
		}
	case g != nil:
		t.scan(k, g)
	}
}

func visible(g *modelGroup, events []Event) []Event {
	n, _ := slices.BinarySearchFunc(events, g.cutoff, func(e Event, t int64) int { return cmp.Compare(e.Time, t) })
	return events[n:]
}

func (t *trial) createGroup(k GroupKey) {
	want := ErrGroupExists
	if t.model.groups[k] == nil {
		t.model.groups[k], want = &modelGroup{streams: map[string][]Event{}}, nil
	}
	days := 0
	if k.Name == "b" {
		days = 1
	}
	t.must("create group", t.store.CreateGroup(Group{GroupKey: k, Created: t.now, RetentionDays: days}), want)
}

func (t *trial) createStream(k GroupKey, name string) {
	g, want := t.model.groups[k], ErrGroupMissing
	if g != nil {
		_, exists := g.streams[name]
		if want = nil; exists {
			want = ErrStreamExists
		} else {
			g.streams[name] = nil
		}
	}
	t.must("create stream", t.store.CreateStream(k, name, t.now), want)
}

func (t *trial) deleteStream(k GroupKey, name string) {
	g, want := t.model.groups[k], ErrGroupMissing
	if g != nil {
		_, exists := g.streams[name]
		if want = nil; !exists {
			want = ErrStreamMissing
		}
		delete(g.streams, name)
	}
	t.must("delete stream", t.store.DeleteStream(k, name), want)
}

// events are a put: mostly a few events of now, sometimes many, large, late or
// with long gaps; time stands still in between so that timestamps repeat.
func (t *trial) events() []Event {
	t.now += int64(t.rnd.IntN(4)) * int64(t.rnd.IntN(500))
	at, gap, n := t.now, t.rnd.IntN(3), 1+t.rnd.IntN(8)
	switch t.rnd.IntN(12) {
	case 0:
		at -= int64(t.rnd.IntN(100_000))
	case 1:
		at, gap = at-int64(t.rnd.IntN(2*day)), t.rnd.IntN(day/2)
	case 2:
		n = 500 + t.rnd.IntN(1000)
	}
	events := make([]Event, n)
	for i := range events {
		size := t.rnd.IntN(40)
		if n < 10 && t.rnd.IntN(40) == 0 {
			size = t.rnd.IntN(300_000)
		}
		events[i] = Event{Time: at, Message: fmt.Appendf(nil, "%d %d %s", t.model.puts+1, i, strings.Repeat("x", size))}
		at += int64(t.rnd.IntN(gap + 1))
	}
	return events
}

func (t *trial) expire() {
	if _, err := t.store.Expire(t.now); err != nil {
		t.Fatal(err)
	}
	for k, g := range t.model.groups {
		if k.Name == "b" {
			g.cutoff = t.now - day
		}
	}
}

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
	wanted := func(e Event) bool { return number(e.Message)%3 == 0 }
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
		want = slices.DeleteFunc(slices.Clone(want), wanted)
	}
	what := fmt.Sprintf("scan %v %+v", k, r)
	var got []Event
	for {
		page, next, more, err := t.store.Scan(k, func(name string) bool { return name != without }, r, keep)
		if err != nil {
			t.Fatal(err)
		}
		if r.MaxEvents > 0 && len(page) > r.MaxEvents {
			t.Fatalf("%s: a page of %d events", what, len(page))
		}
		if r.Backward {
			got = append(page, got...)
		} else {
			got = append(got, page...)
		}
		if !more {
			break
		}
		if next == r.From {
			t.Fatalf("%s: no progress at %v", what, next)
		}
		r.From = next
	}
	t.same(what, got, want)
	t.get(k, got)
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
	}
	if err := t.store.Check(); err != nil {
		t.Fatal(err)
	}
	if err := t.store.Stats().Background; err != nil {
		t.Fatal(err)
	}
}

func TestStoreDoesWhatModelDoes(t *testing.T) {
	for seed := range uint64(6) {
		for _, where := range []string{"memory", "disk"} {
			t.Run(fmt.Sprint(where, seed), func(t *testing.T) {
				dir := ""
				if where == "disk" {
					dir = t.TempDir()
				}
				tr := newTrial(t, rand.New(rand.NewPCG(seed, 0)), dir)
				for range 400 {
					tr.step()
				}
				tr.finish()
			})
		}
	}
}

// FuzzStore lets the input choose the operations.
func FuzzStore(f *testing.F) {
	for seed := range byte(4) {
		f.Add([]byte{seed, 1, 2, 3})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tr := newTrial(t, rand.New(&source{data, rand.NewPCG(uint64(len(data)), 0)}), "")
		for range 60 {
			tr.step()
		}
		tr.finish()
	})
}

// A source is random numbers that begin with the fuzzer's.
type source struct {
	data []byte
	rest rand.Source
}

func (s *source) Uint64() uint64 {
	if len(s.data) < 2 {
		return s.rest.Uint64()
	}
	// IntN uses the high bits.
	v := uint64(binary.BigEndian.Uint16(s.data)) << 48
	s.data = s.data[2:]
	return v | v>>16
}
