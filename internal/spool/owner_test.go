package spool

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// leaveFor is leave for an owner; it returns the subfolder.
func leaveFor(t *testing.T, dir, owner string, texts ...string) string {
	t.Helper()
	s := open(t, Options{Dir: dir, Owner: owner})
	for _, text := range texts {
		add(t, s, event(text))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.Path()
}

func TestWhatIsLeftIsAdoptedByItsOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	leaveFor(t, dir, "eu app", "a")
	leaveFor(t, dir, "eu audit", "b")
	leaveFor(t, dir, "us app", "c")
	old := leaveFor(t, dir, "", "d") // as before there were owners
	if b, err := os.ReadFile(filepath.Join(old, lockName)); err != nil || len(b) > 0 {
		t.Fatal(b, err)
	}
	s := open(t, Options{Dir: dir, Owner: "eu app"})
	adopt(t, s)
	wantTexts(t, readAllEvents(t, s).texts, "a|", "d|")
	other := open(t, Options{Dir: dir, Owner: "eu audit"})
	adopt(t, other)
	wantTexts(t, readAllEvents(t, other).texts, "b|")
	anybody := open(t, Options{Dir: dir})
	adopt(t, anybody)
	wantTexts(t, readAllEvents(t, anybody).texts, "c|")
}

func TestListTellsTheOwner(t *testing.T) {
	dir := t.TempDir()
	leaveFor(t, dir, "eu app", "a")
	open(t, Options{Dir: dir, Owner: "eu audit"})
	infos, err := List(dir)
	if err != nil || len(infos) != 2 || infos[0].Owner != "eu app" || infos[1].Owner != "eu audit" {
		t.Errorf("%+v, %v", infos, err)
	}
}

func TestGiveMakesEventsAnotherOwners(t *testing.T) {
	dir := t.TempDir()
	left := leaveFor(t, dir, "us a-much-longer-name", "a")
	living := open(t, Options{Dir: dir, Owner: "eu app"})
	if err := Give(left, "eu app"); err != nil {
		t.Fatal(err)
	}
	adopt(t, living)
	wantTexts(t, readAllEvents(t, living).texts, "a|")
	if err := Give(living.Path(), "eu other"); !errors.Is(err, ErrLocked) {
		t.Errorf("%v, want ErrLocked", err)
	}
}

// Half a line, as a power failure may leave one, must not pass for anybody's.
func TestHalfAnOwnerIsNobody(t *testing.T) {
	dir := t.TempDir()
	left := leaveFor(t, dir, "eu app", "a")
	if err := os.WriteFile(filepath.Join(left, lockName), []byte("eu app"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Dir: dir, Owner: "eu app"})
	if n := adopt(t, s); n != 0 {
		t.Errorf("%d records adopted", n)
	}
}

// A disk that is full when the process starts keeps it from nothing but
// appending, and never keeps events without their owner.
func TestTheOwnerIsThereBeforeAnyEvents(t *testing.T) {
	fsys := newCrashFS()
	fsys.room = 3
	s := open(t, Options{Dir: root, FS: fsys, Owner: "eu app"})
	if err := s.Append(record("a", 1)); !errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	fsys.room = 1 << 20
	add(t, s, record("b", 1)...)
	owner, err := readOwner(fsys, s.Path())
	if err != nil || owner != "eu app" {
		t.Errorf("owner %q, %v", owner, err)
	}
}

func FuzzOwner(f *testing.F) {
	for _, seed := range []string{"", "eu app\n", "eu app", "\n", strings.Repeat("x", 2*maxOwner), "eu app\nmore\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		fsys := newCrashFS()
		fsys.state["d"] = nil
		fsys.state["d/"+lockName] = &inode{data: b}
		owner, err := readOwner(fsys, "d")
		if err != nil || strings.Contains(owner, "\n") {
			t.Errorf("%q, %v", owner, err)
		}
	})
}
