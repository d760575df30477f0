package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func retain(t *testing.T, s *Store, days int) {
	t.Helper()
	err := s.UpdateGroup(testGroup, func(g *Group) error { g.RetentionDays = days; return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func TestExpireRemovesWhatIsPastRetention(t *testing.T) {
	s := testStore(t, "", "s", "empty")
	testAppend(t, s, "s", 1*day, "old")
	testAppend(t, s, "s", 3*day, "young")
	if n, err := s.Expire(1000 * day); n != 0 || err != nil {
		t.Fatalf("without retention: %d, %v", n, err)
	}
	retain(t, s, 5)
	// An event exactly as old as the retention stays.
	if n, err := s.Expire(6 * day); n != 0 || err != nil {
		t.Fatalf("at the limit: %d, %v", n, err)
	}
	if n, err := s.Expire(6*day + 1); n != 1 || err != nil {
		t.Fatalf("past the limit: %d, %v", n, err)
	}
	if diff := cmp.Diff([]string{"259200000 young"}, testRead(t, s, "s", Range{})); diff != "" {
		t.Error(diff)
	}
	st, _ := s.Stream(testGroup, "s")
	g, _ := s.Group(testGroup)
	if st.FirstEvent != 3*day || st.LastEvent != 3*day || g.StoredBytes != int64(len("young")+EventOverhead) {
		t.Errorf("stream %+v, %d bytes stored", st, g.StoredBytes)
	}
	if n, err := s.Expire(1000 * day); n != 1 || err != nil {
		t.Fatalf("the rest: %d, %v", n, err)
	}
	if st, _ = s.Stream(testGroup, "s"); st.FirstEvent != 0 || st.LastEvent != 0 || st.LastIngestion != 3*day {
		t.Errorf("stream without events: %+v", st)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestNotBeforeHidesWhatExpireLeaves(t *testing.T) {
	s := testStore(t, "", "s")
	retain(t, s, 1)
	err := s.Append(testGroup, "s", 1, []Event{{Time: 10, Message: []byte("a")}, {Time: 20, Message: []byte("b")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Expire(day + 15); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"20 b"}, testRead(t, s, "s", Range{NotBefore: 15})); diff != "" {
		t.Error(diff)
	}
}

// A million events in one transaction were measured at 23 seconds.
func TestExpireOfMillionEventsStaysInSmallTransactions(t *testing.T) {
	s := testStore(t, "", "s")
	retain(t, s, 1)
	const puts, each = 1000, 1000
	events := make([]Event, each)
	for p := range puts {
		for i := range events {
			// Seven hours a put: too long to be merged, so that the blocks stay many.
			events[i] = Event{Time: int64(p*1000 + i*7*60*60), Message: []byte("message")}
		}
		if err := s.Append(testGroup, "s", 1, events); err != nil {
			t.Fatal(err)
		}
	}
	s.jan.wait() // the janitor uses s.kv too, until it has found nothing to merge
	counted := &countingKV{kv: s.kv}
	s.kv = counted
	n, err := s.Expire(10 * day)
	if n != puts*each || err != nil {
		t.Fatalf("%d events removed, %v", n, err)
	}
	// A block is two keys.
	if counted.most > 2*reclaimBlocks || counted.updates < puts/reclaimBlocks {
		t.Errorf("%d transactions, the largest with %d deletions", counted.updates, counted.most)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}
