package spool

import (
	"os"
	"syscall"
	"testing"
)

// badMemory is memory that has become of no use.
type badMemory struct{ Mapping }

func (badMemory) Store([]byte, int64) error { return syscall.EFAULT }

// Zeros count for the cap, and are cut off in the end, if they can no longer be used
// as well.
func TestAReserveThatFailsIsGivenBack(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), MaxBytes: 5 * reserveBytes, eager: true, Report: func(error) {}})
	want := fill(t, s, "a", 1000)
	s.mu.Lock()
	s.reserve.mem = badMemory{s.reserve.mem}
	s.opts.eager = false
	s.mu.Unlock()
	want = append(want, fill(t, s, "b", 2000)...)
	if isReserved(s) {
		t.Error("there is a reserve")
	}
	size := segmentSizes(t, s)[0]
	s.mu.Lock()
	taken := s.taken()
	s.sealActive()
	s.mu.Unlock()
	if taken != size {
		t.Errorf("%d bytes are taken, the spool counts %d", size, taken)
	}
	if sizes := segmentSizes(t, s); sizes[0] != s.Backlog().Bytes {
		t.Errorf("segments have %d bytes, the spool says %d", sizes, s.Backlog().Bytes)
	}
	wantTexts(t, readAllEvents(t, s).texts, want...)
}

// An ownCopyFS maps files as some network file systems do: what is stored in memory
// is not what the file's readers see.
type ownCopyFS struct{ FS }

func (o ownCopyFS) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	f, err := o.FS.OpenFile(name, flag, perm)
	return ownCopyFile{f}, err
}

type ownCopyFile struct{ File }

func (ownCopyFile) Map(int64, int) (Mapping, error) { return ownCopy{}, nil }

type ownCopy struct{}

func (ownCopy) Store([]byte, int64) error { return nil }
func (ownCopy) Unmap() error              { return nil }

func TestMemoryThatIsNotTheFileIsNoReserve(t *testing.T) {
	s := open(t, Options{Dir: root, FS: ownCopyFS{newCrashFS()}, eager: true})
	want := fill(t, s, "a", 5000)
	if isReserved(s) {
		t.Error("there is a reserve that is not in the file")
	}
	wantTexts(t, readAllEvents(t, s).texts, want...)
}
