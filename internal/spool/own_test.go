package spool

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// countOwn reads everything, and returns how many of the events are our own.
func countOwn(t *testing.T, s *Spool) (own, events int, at []Position) {
	t.Helper()
	n, err := s.Read(1<<30, func(_ *cwl.Event, p Position, m Mark) bool {
		if m.Own() {
			own++
		}
		at = append(at, p)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return own, n, at
}

func TestOwnRecordsComeBackMarkedAndAreNotCounted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	add(t, s, event("a"))
	if err := s.AppendOwn(record("gap", 2)); err != nil {
		t.Fatal(err)
	}
	add(t, s, event("b"))
	if b := s.Backlog(); b.Records != 2 || b.Events != 4 || b.Unread != 4 {
		t.Errorf("backlog %+v", b)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	infos, err := List(dir)
	if err != nil || infos[0].Records != 2 || infos[0].Events != 4 || infos[0].Own != 2 {
		t.Errorf("list: %+v %v", infos, err)
	}
	for range 2 { // two processes, of which the first delivers nothing
		s = open(t, Options{Dir: dir})
		if n := adopt(t, s); n != 2 {
			t.Errorf("%d records adopted, want 2", n)
		}
		own, events, at := countOwn(t, s)
		if own != 2 || events != 4 {
			t.Errorf("%d of %d events are our own, want 2 of 4", own, events)
		}
		if err := s.Ack([]Position{at[0], at[2]}); err != nil { // a record, and one of ours
			t.Fatal(err)
		}
		if b := s.Backlog(); b.Records != 1 || b.Events != 2 {
			t.Errorf("backlog %+v", b)
		}
		if err := s.Ack(at); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wantEmpty(t, dir)
		s = open(t, Options{Dir: dir})
		add(t, s, record("again", 1)...)
		add(t, s, event("more"))
		if err := errors.Join(s.AppendOwn(record("gap", 2)), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// What tells of records that found no room has some.
func TestOwnRecordsHaveRoomBeyondThatOfOthers(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), MaxBytes: 1 << 20})
	for err := error(nil); err == nil; {
		err = s.Append([]cwl.Event{event(strings.Repeat("x", 100))})
	}
	if err := s.AppendOwn([]cwl.Event{event(strings.Repeat("g", 500))}); err != nil {
		t.Error(err)
	}
	if err := s.AppendOwn(record(strings.Repeat("g", 400), 3)); !errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	if own, _, _ := countOwn(t, s); own != 2 {
		t.Errorf("%d records of our own, want 2", own)
	}
	if b := s.Backlog(); b.Bytes > 1<<20 {
		t.Errorf("%d bytes used", b.Bytes)
	}
}

func TestOwnRecordsOnAFullDiskAreKeptWhole(t *testing.T) {
	for _, c := range []struct {
		room int
		want int
	}{{10, 0}, {headerBytes + 5, 0}, {headerBytes + 60, 1}} {
		fsys := newCrashFS()
		s := open(t, Options{Dir: root, FS: fsys})
		fsys.room = c.room
		if err := s.AppendOwn(record("gap", 3)); !errors.Is(err, ErrFull) {
			t.Errorf("room %d: %v, want ErrFull", c.room, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		left := fsys.afterKill(len(fsys.log), nil)
		next := open(t, Options{Dir: root, FS: left})
		adopt(t, next)
		if own, n, _ := countOwn(t, next); own != c.want || n != c.want {
			t.Errorf("room %d: %d of %d events are our own, want %d", c.room, own, n, c.want)
		}
	}
}

// A program that knows nothing of the flag reads such a segment as any other, so
// a damaged header costs the mark and not the record.
func TestOwnRecordsWithADamagedHeaderAreRecords(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	if err := s.AppendOwn(record("gap", 1)); err != nil {
		t.Fatal(err)
	}
	path := s.segments[0].path()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[24] ^= 2
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	var told []error
	next := open(t, Options{Dir: dir, Report: func(err error) { told = append(told, err) }})
	if n := adopt(t, next); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
	if own, n, _ := countOwn(t, next); own != 0 || n != 1 || len(told) != 1 {
		t.Errorf("%d of %d marked, told %v", own, n, told)
	}
}

func TestHeaderSaysWhoseRecordsFollow(t *testing.T) {
	for _, want := range []header{{version: version, marker: 7, created: 9}, {version: version, marker: 7, created: 9, own: true}} {
		b := want.append(nil)
		got, ok := parseHeader(b)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(header{})); !ok || diff != "" {
			t.Errorf("ok %v (-want +got):\n%s", ok, diff)
		}
	}
}
