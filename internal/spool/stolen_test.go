package spool

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A pausedFS lets others do something at moments that matter between processes.
type pausedFS struct {
	disk
	opened   func() // after the next lock file was opened, before it is locked
	locked   func() // when the outcome of that is known
	released func() // after a lock was given back
	cleaning func() // before a subfolder is removed
}

func (f *pausedFS) Lock(name string, create bool) (io.Closer, error) {
	if pause := f.opened; pause != nil {
		f.opened = nil
		file, err := openLock(name, create)
		if err != nil {
			return nil, err
		}
		pause()
		err = proveLock(file, name, tryLock, tryLock)
		f.locked()
		if err != nil {
			file.Close()
			return nil, err
		}
		return file, nil
	}
	c, err := f.disk.Lock(name, create)
	if err != nil || f.released == nil {
		return c, err
	}
	return pausedLock{c, f.released}, nil
}

type pausedLock struct {
	io.Closer
	released func()
}

func (l pausedLock) Close() error {
	err := l.Closer.Close()
	l.released()
	return err
}

func (f *pausedFS) Remove(name string) error {
	if f.cleaning != nil && isFolderName(filepath.Base(name)) {
		f.cleaning()
	}
	return f.disk.Remove(name)
}

// beside runs a process that adopts and one that makes its folder, so that the
// latter opens its lock file, the former takes the empty folder for one that was
// left, and the latter locks just when the former has given the lock back. Then
// the maker goes on with first, before the folder is removed, if it has it by then.
func beside(t *testing.T, dir string, first func(maker *Spool)) (maker *Spool) {
	looking, free, locked, gone := make(chan bool), make(chan bool), make(chan bool), make(chan bool)
	done := make(chan bool)
	released := false
	adopter := open(t, Options{Dir: dir, Report: func(error) {}, FS: &pausedFS{
		released: func() {
			if !released {
				released = true
				close(free)
				<-locked
			}
		},
		cleaning: func() {
			if released {
				<-done
			}
		},
	}})
	go func() {
		defer close(gone)
		<-looking
		adopter.Adopt() // may find that the folder is not empty
	}()
	maker = open(t, Options{Dir: dir, FS: &pausedFS{
		opened: func() { close(looking); <-free },
		locked: func() { close(locked) },
	}})
	first(maker)
	close(done)
	<-gone
	return maker
}

// A process that makes its folder while another one cleans folders away has one
// afterwards.
func TestAFolderLockedMeanwhileIsNotCleanedAway(t *testing.T) {
	maker := beside(t, t.TempDir(), func(*Spool) {})
	if _, err := os.Stat(filepath.Join(maker.Path(), lockName)); err != nil {
		t.Errorf("the lock of a living process is gone: %v", err)
	}
	if err := maker.Append(record("a", 1)); err != nil {
		t.Errorf("nothing can be appended for as long as the process lives: %v", err)
	}
}

// One step later: the maker has written a segment before its folder is removed,
// which then stays, without a lock file. A third process takes it for one whose
// process died, and delivers and deletes what a living process has.
func TestALivingProcessKeepsItsSegments(t *testing.T) {
	dir := t.TempDir()
	beside(t, dir, func(maker *Spool) { add(t, maker, event("a")) })
	other := open(t, Options{Dir: dir})
	n, _, err := other.Adopt()
	if err != nil {
		t.Fatal(err)
	}
	if n != 0 {
		t.Errorf("%d records were taken from a living process, which delivers them too", n)
	}
}
