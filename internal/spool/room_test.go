package spool

import (
	"errors"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// fillDisk appends until the disk has no room.
func fillDisk(t *testing.T, s *Spool) (appended int) {
	t.Helper()
	for {
		err := s.Append([]cwl.Event{event(strings.Repeat("x", 300))})
		switch {
		case errors.Is(err, ErrFull):
			return appended
		case err != nil:
			t.Fatal(err)
		}
		appended++
	}
}

// A disk that is full long before a segment is must not wedge: what is settled
// goes, and its room with it.
func TestSettledEventsMakeRoomOnAFullDisk(t *testing.T) {
	fsys := newCrashFS()
	fsys.room = 10_000
	s := open(t, Options{Dir: root, FS: fsys, SegmentBytes: 1 << 20})
	for round := range 5 {
		if n := fillDisk(t, s); n < 20 {
			t.Fatalf("round %d: only %d events found room", round, n)
		}
		if err := s.Ack(readAllEvents(t, s).at); err != nil {
			t.Fatal(err)
		}
	}
}

// A limit for each file, as RLIMIT_FSIZE is one, is no limit for the spool.
func TestFullFileBeginsTheNext(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	fsys.room = 2_000
	first := fillDisk(t, s)
	fsys.room = 2_000 // nothing is settled, but a new file may be written
	if second := fillDisk(t, s); second < first-1 {
		t.Errorf("%d events in the second file, %d in the first", second, first)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.segments) != 2 {
		t.Errorf("%d segments, want 2", len(s.segments))
	}
}

// A disk that is smaller than a segment takes new events as soon as a part of
// what is on it is settled, and so does a cap: no file holds most of it.
func TestPartOfASmallDiskIsUsedAgainAsThatPartIsSettled(t *testing.T) {
	for _, room := range []int{1 << 20, 3 << 20, 7 << 20, 20 << 20} {
		fsys := newCrashFS()
		fsys.room = room
		s := open(t, Options{Dir: root, FS: fsys})
		total := fillDisk(t, s)
		for part := range 4 {
			var at []Position
			if _, err := s.Read(1<<30, func(_ *cwl.Event, p Position, _ Mark) bool {
				at = append(at, p)
				return len(at) < total/4
			}); err != nil {
				t.Fatal(err)
			}
			if err := s.Ack(at); err != nil && !errors.Is(err, ErrFull) {
				t.Fatal(err)
			}
			if n := fillDisk(t, s); part > 0 && n < total/8 {
				t.Errorf("disk of %d bytes: %d of %d events find room when a quarter more is settled", room, n, total)
			}
		}
		if len(s.segments) > 40 {
			t.Errorf("disk of %d bytes: %d segments", room, len(s.segments))
		}
		fsys.room = 1 << 30 // for the acknowledgements at Close
	}
}

// The room that settled segments give back is used for the acknowledgements
// that come with them: what the disk takes no note of comes again.
func TestSettledSegmentsMakeRoomForAcknowledgements(t *testing.T) {
	begin := func(t *testing.T) (*Spool, *crashFS, []Position) {
		fsys := newCrashFS()
		s := open(t, Options{Dir: root, FS: fsys, SegmentBytes: 100})
		for range 3 { // two in the first segment
			add(t, s, event("a"))
		}
		fsys.room = 0
		return s, fsys, readAllEvents(t, s).at
	}
	unsaved := func(t *testing.T, s *Spool, want int64) {
		t.Helper()
		if n := s.Unsaved(); n != want {
			t.Errorf("%d events unsaved, want %d", n, want)
		}
	}
	t.Run("Ack", func(t *testing.T) {
		s, fsys, at := begin(t)
		fsys.room = 1000
		add(t, s, event("b"))
		at = append(at, readAllEvents(t, s).at...)
		fsys.room = 0
		if err := s.Ack(at[:3]); err != nil {
			t.Error(err)
		}
		unsaved(t, s, 0)
	})
	t.Run("Close", func(t *testing.T) {
		s, _, at := begin(t)
		if err := s.Ack(at[1:]); !errors.Is(err, ErrFull) {
			t.Errorf("Ack on a full disk: %v", err)
		}
		unsaved(t, s, 2)
		if err := s.Close(); err != nil { // ends the last segment, which is settled
			t.Error(err)
		}
		unsaved(t, s, 0)
	})
}

func TestUnsavedIsWhatComesAgain(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	add(t, s, event("a"))
	add(t, s, event("b"))
	add(t, s, event("c"))
	at := readAllEvents(t, s).at
	fsys.room = 0
	if err := s.Ack(at[:2]); !errors.Is(err, ErrFull) {
		t.Errorf("Ack on a full disk: %v", err)
	}
	if n := s.Unsaved(); n != 2 {
		t.Errorf("%d events unsaved, want 2", n)
	}
	if err := s.Close(); err == nil {
		t.Error("Close on a full disk: no error")
	}
	if n := s.Unsaved(); n != 2 {
		t.Errorf("%d events unsaved after Close, want 2", n)
	}
	next := open(t, Options{Dir: root, FS: fsys.afterKill(len(fsys.log), nil)})
	if n := adopt(t, next); n != 3 {
		t.Errorf("%d records come again, want 3", n)
	}
}
