package spool

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
)

// A failingFS is a disk whose first write of frames waits, and whose second
// sync fails, together with the truncation that follows.
type failingFS struct {
	disk
	hold  chan bool
	syncs int
}

func (f *failingFS) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	file, err := f.disk.OpenFile(name, flag, perm)
	if err == nil && filepath.Ext(name) == segmentEnding {
		file = &failingFile{file, f}
	}
	return file, err
}

type failingFile struct {
	File
	fs *failingFS
}

func (f *failingFile) WriteAt(b []byte, at int64) (int, error) {
	if at > 0 {
		<-f.fs.hold
	}
	return f.File.WriteAt(b, at)
}

func (f *failingFile) Sync() error {
	if f.fs.syncs++; f.fs.syncs == 2 {
		return syscall.EIO
	}
	return f.File.Sync()
}

func (f *failingFile) Truncate(size int64) error {
	if f.fs.syncs == 2 {
		return syscall.EIO
	}
	return f.File.Truncate(size)
}

// filled waits until so many appends wait for the next write.
func filled(s *Spool, members int32) {
	for {
		s.mu.Lock()
		enough := s.leading && (members == 0 && s.filling == nil || s.filling != nil && s.filling.members == members)
		s.mu.Unlock()
		if enough {
			return
		}
		runtime.Gosched()
	}
}

// Two records of a group are refused because the disk failed, and cannot be cut
// back either. The record that is written next covers the first of them; the
// second must not stand behind it, whole, for the next process to deliver: its
// writer was told that it is not in the spool, and may have written it again.
func TestARefusedRecordStaysAwayWhenItCannotBeCutBack(t *testing.T) {
	dir := t.TempDir()
	fsys := &failingFS{hold: make(chan bool)}
	s := open(t, Options{Dir: dir, FS: fsys, Sync: SyncAlways, Report: func(error) {}})
	var wg sync.WaitGroup
	wg.Go(func() { s.Append(record("first", 1)) })
	filled(s, 0) // it is being written
	for n := range 2 {
		wg.Go(func() {
			if err := s.Append(record("gone!", 1)); !errors.Is(err, syscall.EIO) {
				t.Errorf("append: %v, want EIO", err)
			}
		})
		filled(s, int32(n+1))
	}
	close(fsys.hold)
	wg.Wait()
	add(t, s, record("third", 1)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	next := open(t, Options{Dir: dir, Report: func(error) {}})
	if _, _, err := next.Adopt(); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, texts(next), "first.0", "third.0")
}
