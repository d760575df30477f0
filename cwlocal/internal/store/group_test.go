package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGroupKeepsSettings(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := Group{
		GroupKey: GroupKey{"eu-west-1", "a/b"}, Created: 5, RetentionDays: 7, KMSKeyID: "key", Class: "STANDARD",
		DeletionProtection: true, BearerToken: true, Tags: map[string]string{"k": "v"},
	}
	if err := s.CreateGroup(want); err != nil {
		t.Fatal(err)
	}
	if err := s.CreateGroup(want); err != ErrGroupExists {
		t.Errorf("second creation: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Group(want.GroupKey)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Group(GroupKey{"us-east-1", "a/b"}); err != ErrGroupMissing {
		t.Errorf("the same name in another region: %v", err)
	}
}

func TestSyncedStoreKeepsEvents(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		s, err := Open(Options{Dir: dir, Sync: true})
		if err != nil {
			t.Fatal(err)
		}
		s.CreateGroup(Group{GroupKey: testGroup})
		s.CreateStream(testGroup, "s", 1)
		testAppend(t, s, "s", 1, "a")
		if got := testRead(t, s, "s", Range{}); len(got) != round+1 {
			t.Errorf("round %d: %q", round, got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUpdateGroupStoresNothingOnError(t *testing.T) {
	s := testStore(t, "")
	errWanted := errors.New("wanted")
	err := s.UpdateGroup(testGroup, func(g *Group) error { g.KMSKeyID = "x"; return errWanted })
	if g, _ := s.Group(testGroup); err != errWanted || g.KMSKeyID != "" {
		t.Errorf("%v, key %q", err, g.KMSKeyID)
	}
	// What names the group, and what the store counts, is not the caller's.
	err = s.UpdateGroup(testGroup, func(g *Group) error { g.Name, g.StoredBytes, g.KMSKeyID = "other", 99, "y"; return nil })
	if g, _ := s.Group(testGroup); err != nil || g.KMSKeyID != "y" || g.StoredBytes != 0 {
		t.Errorf("%v, %+v", err, g)
	}
}

func TestNamesComeInASCIIOrder(t *testing.T) {
	s := testStore(t, "")
	names := []string{"A", "B", "_", "a", "a-b", "aa", "é"}
	for i := range 3 * groupPage {
		names = append(names, fmt.Sprintf("n%03d", i))
	}
	slices.Sort(names)
	for _, name := range slices.Backward(names) {
		if err := s.CreateGroup(Group{GroupKey: GroupKey{"eu", name}}); err != nil {
			t.Fatal(err)
		}
		if err := s.CreateStream(testGroup, name, 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, after := range []string{"", "a", "aaa", "n100", "é"} {
		var groups, streams []string
		for g := range s.Groups("eu", after) {
			groups = append(groups, g.Name)
		}
		for st := range s.Streams(testGroup, after) {
			streams = append(streams, st.Name)
		}
		from := slices.IndexFunc(names, func(n string) bool { return n > after })
		if from < 0 {
			from = len(names)
		}
		want := append([]string(nil), names[from:]...)
		if diff := cmp.Diff(want, groups); diff != "" {
			t.Errorf("groups after %q: %s", after, diff)
		}
		if diff := cmp.Diff(want, streams); diff != "" {
			t.Errorf("streams after %q: %s", after, diff)
		}
	}
}

// BenchmarkOpenManyStreams opens a directory with 1,000 groups of 100 streams.
func BenchmarkOpenManyStreams(b *testing.B) {
	dir := b.TempDir()
	s, err := Open(Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	err = s.update(func(w writer) error {
		for g := range 1000 {
			id, err := s.number(w, 101)
			if err != nil {
				return err
			}
			if err := putGroup(w, id, Group{GroupKey: GroupKey{"us-east-1", fmt.Sprintf("group%d", g)}}); err != nil {
				return err
			}
			for st := range uint64(100) {
				r := streamRecord{id: id + 1 + st}
				if err := w.put(streamKey(id, fmt.Sprintf("stream%d", st)), r.value()); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		if s, err = Open(Options{Dir: dir}); err != nil {
			b.Fatal(err)
		}
	}
	s.Close()
}
