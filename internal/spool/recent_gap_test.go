package spool

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// gap is a spool that has kept one event in memory, but not the two before it.
// What happens to the files before the second of these is read is for damage.
func gap(t *testing.T, o Options, damage func(path string, at int64)) *Spool {
	t.Helper()
	o.Dir, o.Recent = t.TempDir(), partBytes
	s := open(t, o)
	add(t, s, event(string(make([]byte, partBytes-200)))) // all that memory takes
	add(t, s, event(string(make([]byte, 300))))
	at := s.segments[0].size
	add(t, s, event(string(make([]byte, 300))))
	files, err := filepath.Glob(filepath.Join(s.Path(), "*"+segmentEnding))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	damage(files[0], at)
	readOne(t, s)
	readOne(t, s)
	add(t, s, event("late")) // and memory has room again
	return s
}

func readOne(t *testing.T, s *Spool) {
	t.Helper()
	n, err := s.Read(1, func(*cwl.Event, Position, Mark) bool { return true })
	if n != 1 || err != nil {
		t.Fatalf("%d events were read, error %v", n, err)
	}
}

func TestDamageBeforeWhatIsInMemoryDoesNotReachIt(t *testing.T) {
	var lost int64
	o := Options{Report: func(err error) { lost += err.(*DamageError).Events }}
	s := gap(t, o, func(path string, at int64) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteAt([]byte("damage"), at); err != nil {
			t.Fatal(err)
		}
	})
	if diff := cmp.Diff([]string{"late|"}, readAllEvents(t, s).texts); diff != "" {
		t.Error(diff)
	}
	if b := s.Backlog(); lost != 1 || b.Unread != 0 {
		t.Errorf("%d events are told to be lost, %+v", lost, b)
	}
}

func TestAFileThatCannotBeReadCostsNothingThatIsInMemory(t *testing.T) {
	fsys := &sickFS{}
	var lost int64
	o := Options{FS: fsys, Report: func(err error) { lost += err.(*DamageError).Events }}
	s := gap(t, o, func(string, int64) {})
	s.reader.scanner.buf = nil // what it has read ahead
	fsys.readFails = maxFailures
	for range maxFailures - 1 {
		wantTexts(t, texts(s))
	}
	wantTexts(t, texts(s), "late")
	if b := s.Backlog(); lost != 1 || b.Unread != 0 {
		t.Errorf("%d events are told to be lost, %+v", lost, b)
	}
}

// What Append has refused must come neither from the file nor from memory.
func TestWhatCouldNotBeSyncedIsNotInMemory(t *testing.T) {
	hooks := &hookFS{FS: disk{}}
	s := open(t, Options{Dir: t.TempDir(), FS: hooks, Sync: SyncAlways, Recent: 4 * partBytes})
	add(t, s, event("a"))
	for _, broken := range []*func() error{&hooks.sync, &hooks.write} {
		*broken = func() error { return errors.New("broken") }
		if err := s.Append([]cwl.Event{event("refused")}); err == nil {
			t.Error("nothing is refused")
		}
		*broken = nil
		add(t, s, event("b"))
	}
	wantTexts(t, texts(s), "a", "b", "b")
}

func TestARemovedFileCostsNothingThatIsInMemory(t *testing.T) {
	var lost int64
	o := Options{Report: func(err error) { lost += err.(*DamageError).Events }}
	s := gap(t, o, func(string, int64) {})
	s.mu.Lock()
	s.sealActive()
	s.mu.Unlock()
	if err := s.reader.close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(s.Path(), "*"+segmentEnding))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	got := readAllEvents(t, s)
	if diff := cmp.Diff([]string{"late|"}, got.texts); diff != "" {
		t.Error(diff)
	}
	if b := s.Backlog(); lost != 1 || b.Unread != 0 {
		t.Errorf("%d events are told to be lost, %+v", lost, b)
	}
}
