package store

import (
	stdcmp "cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEqualTimesStayInOrderOfPuts(t *testing.T) {
	s := testStore(t, "", "s")
	testAppend(t, s, "s", 5, "a", "b")
	testAppend(t, s, "s", 5, "c")
	testAppend(t, s, "s", 4, "late")
	testAppend(t, s, "s", 5, "d")
	want := []string{"4 late", "5 a", "5 b", "5 c", "5 d"}
	if diff := cmp.Diff(want, testRead(t, s, "s", Range{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[3:], testRead(t, s, "s", Range{Backward: true, MaxEvents: 2})); diff != "" {
		t.Error(diff)
	}
}

func TestRangesAreHalfOpen(t *testing.T) {
	s := testStore(t, "", "s")
	for i := range int64(4) {
		testAppend(t, s, "s", i, "m")
	}
	events, _, err := s.Read(testGroup, "s", Range{})
	if err != nil {
		t.Fatal(err)
	}
	two := events[2].Cursor()
	for _, c := range []struct {
		name string
		r    Range
		want []string
	}{
		{"times", Range{Start: 1, End: 3}, []string{"1 m", "2 m"}},
		{"no end", Range{Start: 3}, []string{"3 m"}},
		{"hidden", Range{NotBefore: 2}, []string{"2 m", "3 m"}},
		{"after", Range{From: two}, []string{"3 m"}},
		{"at and after", Range{From: two, Inclusive: true}, []string{"2 m", "3 m"}},
		{"before", Range{From: two, Backward: true}, []string{"0 m", "1 m"}},
		{"at and before", Range{From: two, Backward: true, Inclusive: true}, []string{"0 m", "1 m", "2 m"}},
		{"a position outside of the times", Range{From: two, End: 2}, nil},
		{"an empty range", Range{Start: 2, End: 2}, nil},
	} {
		if diff := cmp.Diff(c.want, testRead(t, s, "s", c.r)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Pages over 100,000 events are those of a sorted slice, in both directions.
func TestPagesOfManyEvents(t *testing.T) {
	s := testStore(t, "", "s")
	want := appendMany(t, s, 200, 500)
	for _, back := range []bool{false, true} {
		r := Range{MaxEvents: 3777, MaxBytes: 120_000, Backward: back}
		rest := want
		for more := true; more; {
			var page []Event
			var err error
			if page, more, err = s.Read(testGroup, "s", r); err != nil || len(page) == 0 || len(page) > len(rest) {
				t.Fatalf("a page of %d events, %v", len(page), err)
			}
			part := rest[:len(page)]
			if back {
				part, rest = rest[len(rest)-len(page):], rest[:len(rest)-len(page)]
				r.From = page[0].Cursor()
			} else {
				rest, r.From = rest[len(page):], page[len(page)-1].Cursor()
			}
			for i, e := range page {
				if e.Time != part[i].Time || string(e.Message) != string(part[i].Message) {
					t.Fatalf("backward %v: %s instead of %s", back, e.Message, part[i].Message)
				}
			}
		}
		if len(rest) != 0 {
			t.Errorf("backward %v: %d events are missing", back, len(rest))
		}
	}
}

// appendMany makes puts with many equal times, every fifth of them late, and
// returns all events in the order of the service.
func appendMany(t *testing.T, s *Store, puts, each int) (all []Event) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(3, 4))
	for put := range puts {
		events := make([]Event, each)
		at := max(0, int64(put*40-rnd.IntN(1000)*(put%5/4)))
		for i := range events {
			at += int64(rnd.IntN(2)) * int64(put%3)
			events[i] = Event{Time: at, Message: fmt.Appendf(nil, "%d/%d", put, i)}
		}
		if err := s.Append(testGroup, "s", 1, events); err != nil {
			t.Fatal(err)
		}
		all = append(all, events...)
	}
	slices.SortStableFunc(all, func(a, b Event) int { return stdcmp.Compare(a.Time, b.Time) })
	return all
}

// appendLarge stores so many puts of a mebibyte, one after another in time.
func appendLarge(t *testing.T, s *Store, puts int) {
	t.Helper()
	events := logLines(0)
	for range puts {
		if err := s.Append(testGroup, "s", 1, events); err != nil {
			t.Fatal(err)
		}
		for i := range events {
			events[i].Time += 1_000_000
		}
	}
}

func TestPageDecodesFewBlocks(t *testing.T) {
	s := testStore(t, "", "s")
	appendLarge(t, s, 12)
	for _, back := range []bool{false, true} {
		before := s.Stats().Decoded
		if _, more, err := s.Read(testGroup, "s", Range{MaxBytes: 1 << 20, Backward: back}); !more || err != nil {
			t.Fatal(more, err)
		}
		if n := s.Stats().Decoded - before; n > 2 {
			t.Errorf("backward %v: a page of a block's size decoded %d blocks", back, n)
		}
	}
	// A reader that polls the end of the stream decodes nothing.
	events, _, _ := s.Read(testGroup, "s", Range{Backward: true, MaxEvents: 1})
	before := s.Stats().Decoded
	if events, _, _ := s.Read(testGroup, "s", Range{From: events[0].Cursor()}); len(events) != 0 {
		t.Errorf("%d events behind the last", len(events))
	}
	if n := s.Stats().Decoded - before; n != 0 {
		t.Errorf("behind the last event, %d blocks were decoded", n)
	}
}

func TestScanDoesBoundedWork(t *testing.T) {
	s := testStore(t, "", "s")
	appendLarge(t, s, 12)
	calls, r := 0, Range{}
	for more := true; more; calls++ {
		before := s.Stats().Decoded
		var err error
		_, r.From, more, err = s.Scan(testGroup, nil, r, func(*Event) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Stats().Decoded - before; n > scanCost/blockCost+2 {
			t.Errorf("a call decoded %d blocks", n)
		}
	}
	if calls < 2 {
		t.Errorf("%d calls for 12 MiB", calls)
	}
}

func TestAppendCutsLargePuts(t *testing.T) {
	s := testStore(t, "", "s")
	events := append(logLines(1), logLines(1_000_000)...)
	events = append(events, Event{Time: 2_000_000, Message: make([]byte, 3*blockCost)})
	if err := s.Append(testGroup, "s", 1, events); err != nil {
		t.Fatal(err)
	}
	got, _, err := s.Read(testGroup, "s", Range{})
	if err != nil || len(got) != len(events) {
		t.Fatalf("%d of %d events, %v", len(got), len(events), err)
	}
	if n := countKeys(t, s, 'd'); n != 3 {
		t.Errorf("%d blocks, want 3", n)
	}
	if err := s.Append(testGroup, "s", 1, []Event{{Message: make([]byte, maxMessage+1)}}); err == nil {
		t.Error("a giant message was accepted")
	}
}

// A forgetfulKV has lost every block by the time that a reader asks for it,
// unless it asks in the transaction in which it read the index.
type forgetfulKV struct{ kv }

func (f forgetfulKV) view(fn func(reader) error) error {
	return f.kv.view(func(r reader) error { return fn(&forgetfulReader{reader: r}) })
}

type forgetfulReader struct {
	reader
	indexed bool
}

func (r *forgetfulReader) ascend(from, to []byte, yield func(key, value []byte) bool) {
	r.indexed = r.indexed || from[0] == 'i'
	r.reader.ascend(from, to, yield)
}

func (r *forgetfulReader) get(key []byte) []byte {
	if key[0] == 'd' && !r.indexed {
		return nil
	}
	return r.reader.get(key)
}

func TestReaderWhoseBlocksVanishHoldsSnapshot(t *testing.T) {
	s := testStore(t, "", "s")
	testAppend(t, s, "s", 1, "a")
	testAppend(t, s, "s", 2, "b")
	s.kv = forgetfulKV{s.kv}
	if diff := cmp.Diff([]string{"1 a", "2 b"}, testRead(t, s, "s", Range{})); diff != "" {
		t.Error(diff)
	}
	events, _, more, err := s.Scan(testGroup, nil, Range{}, nil)
	if len(events) != 2 || more || err != nil {
		t.Fatalf("Scan: %d events, %v, %v", len(events), more, err)
	}
	if e, err := s.Get(testGroup, events[1].Cursor()); err != nil || string(e.Message) != "b" {
		t.Errorf("Get: %q, %v", e.Message, err)
	}
}
