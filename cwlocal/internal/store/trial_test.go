package store

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

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

func TestStoreDoesWhatModelDoes(t *testing.T) {
	for seed := range uint64(4) {
		for _, where := range []string{"memory", "disk"} {
			t.Run(fmt.Sprint(where, seed), func(t *testing.T) {
				dir := ""
				if where == "disk" {
					dir = t.TempDir()
				}
				tr := newTrial(t, rand.New(rand.NewPCG(seed, 0)), dir)
				for range 300 {
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
