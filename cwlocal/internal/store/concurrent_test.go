package store

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// TestConcurrentUse is for the race detector; each writer also reads its own
// stream back, in the order written, while others delete and expire.
func TestConcurrentUse(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		s := testStore(t, dir)
		var workers sync.WaitGroup
		for w := range 6 {
			workers.Go(func() { writeAndRead(t, s, fmt.Sprint("stream", w)) })
		}
		workers.Go(func() {
			for i := range 40 {
				name := fmt.Sprint("gone", i%3)
				s.CreateStream(testGroup, name, 1)
				s.Append(testGroup, name, 1, []Event{{Time: 1, Message: []byte("x")}})
				s.DeleteStream(testGroup, name)
				if _, err := s.Expire(1); err != nil {
					t.Error(err)
				}
			}
		})
		workers.Go(func() {
			for range 20 {
				if _, _, _, err := s.Scan(testGroup, nil, Range{MaxEvents: 100}, nil); err != nil {
					t.Error(err)
				}
				for range s.Streams(testGroup, "") {
				}
				for range s.Groups("us-east-1", "") {
				}
			}
		})
		workers.Wait()
		if err := s.Check(); err != nil {
			t.Error(err)
		}
	}
}

func writeAndRead(t *testing.T, s *Store, name string) {
	if err := s.CreateStream(testGroup, name, 1); err != nil {
		t.Error(err)
	}
	const puts = 150
	for i := range puts {
		err := s.Append(testGroup, name, 1, []Event{{Time: int64(i / 7), Message: fmt.Append(nil, i)}})
		if err != nil {
			t.Error(err)
		}
		if i%10 != 0 {
			continue
		}
		events, _, err := s.Read(testGroup, name, Range{})
		if err != nil || len(events) != i+1 {
			t.Errorf("%s: %d events after %d puts, %v", name, len(events), i+1, err)
			return
		}
		for n, e := range events {
			if string(e.Message) != fmt.Sprint(n) {
				t.Errorf("%s: event %d is %q", name, n, e.Message)
				return
			}
		}
	}
}

func TestConcurrentPutsShareCommits(t *testing.T) {
	s := testStore(t, "", "s")
	// All callers wait behind a writer that holds the map.
	const puts = 100
	var callers sync.WaitGroup
	err := s.kv.update(func(writer) error {
		for range puts {
			callers.Go(func() {
				if err := s.Append(testGroup, "s", 1, []Event{{Message: []byte("x")}}); err != nil {
					t.Error(err)
				}
			})
		}
		for s.queue.size() < puts-1 {
			runtime.Gosched()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := s.Stats().Commits
	callers.Wait()
	if n := s.Stats().Commits - before; n > 4 {
		t.Errorf("%d puts took %d commits", puts, n)
	}
}

func (q *commitQueue) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

func TestErrorOfOnePutIsItsOwn(t *testing.T) {
	s := testStore(t, "", "s")
	var callers sync.WaitGroup
	for i := range 50 {
		callers.Go(func() {
			name, want := "s", error(nil)
			if i%2 == 0 {
				name, want = "missing", ErrStreamMissing
			}
			if err := s.Append(testGroup, name, 1, []Event{{Message: []byte("x")}}); err != want {
				t.Errorf("append to %s: %v", name, err)
			}
		})
	}
	callers.Wait()
	if got := testRead(t, s, "s", Range{}); len(got) != 25 {
		t.Errorf("%d events, want 25", len(got))
	}
}

func TestClosedStoreSaysSo(t *testing.T) {
	s := testStore(t, t.TempDir(), "s")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(testGroup, "s", 1, []Event{{}}); !errors.Is(err, ErrClosed) {
		t.Errorf("Append: %v", err)
	}
	if _, _, err := s.Read(testGroup, "s", Range{}); !errors.Is(err, ErrClosed) {
		t.Errorf("Read: %v", err)
	}
	if err := s.CreateGroup(Group{}); !errors.Is(err, ErrClosed) {
		t.Errorf("CreateGroup: %v", err)
	}
	for _, err := range s.Groups("us-east-1", "") {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("Groups: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestLoopBodyMayChangeWhatItLoopsOver(t *testing.T) {
	s := testStore(t, "", "a", "b", "c")
	for st := range s.Streams(testGroup, "") {
		if err := s.DeleteStream(testGroup, st.Name); err != nil {
			t.Error(err)
		}
	}
	for g := range s.Groups(testGroup.Region, "") {
		if err := s.DeleteGroup(g.GroupKey); err != nil {
			t.Error(err)
		}
	}
	for g := range s.Groups(testGroup.Region, "") {
		t.Error("left:", g)
	}
}
