package spool

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestLockIsHeldOnceAndGivenBack(t *testing.T) {
	name := filepath.Join(t.TempDir(), lockName)
	first, err := lockFile(name, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFile(name, true); !errors.Is(err, ErrLocked) {
		t.Errorf("second lock: %v, want ErrLocked", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := lockFile(name, false)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

// Several may look whether a lock is held, and none takes another for its owner.
func TestLookingIsSharedAndSeesTheOwner(t *testing.T) {
	name := filepath.Join(t.TempDir(), lockName)
	owner, err := lockFile(name, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lookAtLock(name); !errors.Is(err, ErrLocked) {
		t.Errorf("%v, want ErrLocked", err)
	}
	owner.Close()
	for range 2 {
		look, err := lookAtLock(name)
		if err != nil {
			t.Fatal(err)
		}
		defer look.Close()
	}
}

// A file that was replaced between opening and locking guards nothing.
func TestLockOfAFileThatIsGoneIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), lockName)
	old, err := openLock(name, true)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := os.Rename(name, name+".old"); err != nil {
		t.Fatal(err)
	}
	if err := proveLock(old, name, tryLock, tryLock); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want not exist", err)
	}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := proveLock(old, name, tryLock, tryLock); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want not exist", err)
	}
}

// Where the system grants the same lock twice, as NFS does within a process,
// two processes could not be kept apart either.
func TestFakedLockIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), lockName)
	f, err := openLock(name, true)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	granted := func(*os.File) error { return nil }
	if err := proveLock(f, name, granted, granted); !errors.Is(err, ErrFakeLock) {
		t.Errorf("%v, want ErrFakeLock", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{
		{},
		{Dir: "x", MaxBytes: -1},
		{Dir: "x", MaxAge: -1},
		{Dir: "x", SegmentBytes: -1},
		{Dir: "x", Sync: 3},
		{Dir: "x", SyncEvery: -1},
	} {
		if _, err := Open(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
