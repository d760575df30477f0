package store

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// count returns the number of keys that begin with c.
func countKeys(t *testing.T, s *Store, c byte) (n int) {
	t.Helper()
	err := s.kv.view(func(r reader) error {
		r.ascend([]byte{c}, []byte{c + 1}, func(_, _ []byte) bool { n++; return true })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fill makes streams of two blocks each, and one of many.
func fill(t *testing.T, s *Store, streams, many int) {
	t.Helper()
	for i := range streams {
		name := fmt.Sprint("stream", i)
		if err := s.CreateStream(testGroup, name, 1); err != nil {
			t.Fatal(err)
		}
		testAppend(t, s, name, 1, "a")
		testAppend(t, s, name, 2, "b")
	}
	for i := range many {
		// Days apart: never merged.
		testAppend(t, s, "many", int64(i)*day, "c")
	}
}

func TestDeletedGroupIsReclaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testStore(t, "", "many")
		fill(t, s, 2*streamPage, 2*reclaimBlocks)
		synctest.Wait()
		counted := &countingKV{kv: s.kv}
		s.kv = counted
		if err := s.DeleteGroup(testGroup); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, c := range "gusidx" {
			if n := countKeys(t, s, byte(c)); n != 0 {
				t.Errorf("%d keys %q are left", n, c)
			}
		}
		if counted.most > 2*reclaimBlocks+1 {
			t.Errorf("a transaction deletes %d keys", counted.most)
		}
	})
}

func TestRecreatedGroupNeverSeesOldEvents(t *testing.T) {
	s := testStore(t, "", "s")
	testAppend(t, s, "s", 1, "old")
	if err := s.DeleteGroup(testGroup); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(testGroup, "s", 1, []Event{{Message: []byte("x")}}); err != ErrGroupMissing {
		t.Errorf("append after the deletion: %v", err)
	}
	s.CreateGroup(Group{GroupKey: testGroup})
	if _, err := s.Stream(testGroup, "s"); err != ErrStreamMissing {
		t.Errorf("stream of the new group: %v", err)
	}
	s.CreateStream(testGroup, "s", 1)
	if got := testRead(t, s, "s", Range{}); len(got) != 0 {
		t.Errorf("the new stream has %q", got)
	}
	if g, _ := s.Group(testGroup); g.StoredBytes != 0 {
		t.Errorf("the new group has %d bytes", g.StoredBytes)
	}
}

func TestReclaimingGoesOnAfterRestart(t *testing.T) {
	dir := t.TempDir()
	s := testStore(t, dir, "many")
	fill(t, s, 10, reclaimBlocks)
	s.jan.stop() // as if the process had died before it got to it
	if err := s.DeleteGroup(testGroup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.jan.wait()
	if n := countKeys(t, s, 'd') + countKeys(t, s, 'i') + countKeys(t, s, 'x'); n != 0 {
		t.Errorf("%d keys are left", n)
	}
}

// wait returns when the janitor has nothing left to do.
func (j *janitor) wait() {
	j.mu.Lock()
	idle := j.idle
	j.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

func TestDeletedSpaceIsUsedAgain(t *testing.T) {
	s := testStore(t, t.TempDir())
	events := logLines(1)
	var after3 int64
	for round := range 8 {
		name := fmt.Sprint(round)
		s.CreateStream(testGroup, name, 1)
		for range 3 {
			if err := s.Append(testGroup, name, 1, events); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.DeleteStream(testGroup, name); err != nil {
			t.Fatal(err)
		}
		s.jan.wait()
		if round == 3 {
			after3 = s.Stats().Bytes
		}
	}
	if n := s.Stats().Bytes; n > 2*after3 {
		t.Errorf("the file has grown from %d to %d bytes, though everything was deleted", after3, n)
	}
}
