package spool

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A readOnlyFS is a disk that the kernel has remounted read-only after an error.
type readOnlyFS struct {
	disk
	now bool
}

func (f *readOnlyFS) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	if f.now && flag != os.O_RDONLY {
		return nil, &os.PathError{Op: "open", Path: name, Err: syscall.EROFS}
	}
	return f.disk.OpenFile(name, flag, perm)
}

func (f *readOnlyFS) Remove(name string) error {
	if f.now && filepath.Base(name) != lockName {
		return &os.PathError{Op: "remove", Path: name, Err: syscall.EROFS}
	}
	return f.disk.Remove(name)
}

// Deliveries that the disk took no note of come again, and Unsaved is how the
// ledger counts them as possible duplicates: also those of a segment that is
// settled as a whole and could not be removed.
func TestUnsavedCountsSegmentsThatCouldNotBeRemoved(t *testing.T) {
	dir := t.TempDir()
	fsys := &readOnlyFS{}
	s, err := Open(Options{Dir: dir, FS: fsys, Report: func(error) {}})
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, event("a"))
	add(t, s, event("b"))
	got := readAllEvents(t, s)
	s.mu.Lock()
	s.sealActive() // as when it is full
	s.mu.Unlock()
	fsys.now = true
	if err := s.Ack(got.at); err == nil {
		t.Error("a disk that is read-only took acknowledgements")
	}
	s.Close()
	fsys.now = false
	next := open(t, Options{Dir: dir})
	again, _, err := next.Adopt()
	if err != nil {
		t.Fatal(err)
	}
	if n := s.Unsaved(); n != again {
		t.Errorf("%d events are unsaved, and %d are delivered again", n, again)
	}
}
