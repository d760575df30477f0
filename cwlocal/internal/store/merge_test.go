package store

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSmallPutsAreMerged(t *testing.T) {
	s := testStore(t, "", "s")
	const puts = 2000
	for i := range int64(puts) {
		testAppend(t, s, "s", i, "a small message")
	}
	s.jan.wait()
	if n := countKeys(t, s, 'd'); n > 40 {
		t.Errorf("%d puts are %d blocks", puts, n)
	}
	// Each event is rewritten a few times, not once for every later put.
	if n := s.Stats().Merged; n < puts*9/10 || n > puts*3 {
		t.Errorf("%d blocks were merged", n)
	}
	if got := testRead(t, s, "s", Range{}); len(got) != puts {
		t.Errorf("%d of %d events", len(got), puts)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

// A meddlingKV lets something happen just before the next transaction writes.
type meddlingKV struct {
	kv
	meddle func()
}

func (m *meddlingKV) update(fn func(writer) error) error {
	if meddle := m.meddle; meddle != nil {
		m.meddle = nil
		meddle()
	}
	return m.kv.update(fn)
}

func TestMergeNeverBringsBackWhatIsGone(t *testing.T) {
	for name, meddle := range map[string]func(*Store) error{
		"expired": func(s *Store) error { _, err := s.Expire(100 * day); return err },
		"deleted": func(s *Store) error { return s.DeleteStream(testGroup, "s") },
		"merged": func(s *Store) error {
			id, record, refs := looseOf(s)
			return s.mergeRun(mergeJob{id, "s"}, record.id, refs)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := testStore(t, "", "s")
			retain(t, s, 1)
			for i := range mergeLeast {
				testAppend(t, s, "s", int64(i), fmt.Sprint(i))
			}
			id, record, refs := looseOf(s)
			s.kv = &meddlingKV{s.kv, func() {
				if err := meddle(s); err != nil {
					t.Error(err)
				}
			}}
			if err := s.mergeRun(mergeJob{id, "s"}, record.id, refs); err != nil {
				t.Fatal(err)
			}
			s.jan.wait()
			if n := countKeys(t, s, 'd'); name == "merged" && n != 1 || name != "merged" && n != 0 {
				t.Errorf("%d blocks", n)
			}
			if err := s.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// looseOf returns stream "s" and its blocks.
func looseOf(s *Store) (group uint64, record streamRecord, refs []ref) {
	s.kv.view(func(r reader) (err error) {
		group, record, err = s.stream(r, testGroup, "s")
		return err
	})
	refs, _ = s.looseBlocks(record.id, 0)
	return group, record, refs
}

// A stream that was looked up before a block became longer than all before it
// must be searched as it is now.
func TestReaderLooksBackByTheSpanOfItsSnapshot(t *testing.T) {
	s := testStore(t, "", "s")
	testAppend(t, s, "s", 1000, "short")
	streams, err := s.matching(testGroup, nil, (&Range{}).bounds())
	if err != nil {
		t.Fatal(err)
	}
	long := []Event{{Time: 0, Message: []byte("a")}, {Time: 2000, Message: []byte("b")}}
	if err := s.Append(testGroup, "s", 1, long); err != nil {
		t.Fatal(err)
	}
	r := Range{Start: 1500}
	sc := scan{store: s, page: newPage(&r)}
	if _, _, err := sc.step(r.bounds(), streams); err != nil {
		t.Fatal(err)
	}
	if len(sc.page.events) != 1 {
		t.Errorf("%d events, want 1", len(sc.page.events))
	}
}

func TestDeletedStreamNoLongerCounts(t *testing.T) {
	s := testStore(t, "", "a", "b")
	testAppend(t, s, "a", 1, "12345")
	testAppend(t, s, "b", 1, "123")
	var sizes []int64
	for _, name := range []string{"a", "b"} {
		if err := s.DeleteStream(testGroup, name); err != nil {
			t.Fatal(err)
		}
		g, err := s.Group(testGroup)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, g.StoredBytes)
	}
	if diff := cmp.Diff([]int64{3 + EventOverhead, 0}, sizes); diff != "" {
		t.Error(diff)
	}
}
