package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"time"
)

// A folder is the subfolder of one process. Whoever has its lock may write
// into it and clean it away.
type folder struct {
	path     string
	lock     io.Closer
	segments int  // files in it that this spool knows of
	keep     bool // it holds something that must stay
	signed   bool // the lock file says whose it is; guarded by Spool.signing
}

// folderName is the creation time in milliseconds and a random number: names
// sort by age, say nothing of the host, and never meet. Where the clock went
// back, or stands still, the time is one more than the latest in the folder.
func folderName(fsys FS, dir string, now time.Time) string {
	created := now.UnixMilli()
	names, _ := fsys.ReadDir(dir) // which may not exist yet
	for _, name := range names {
		if c, ok := folderTime(name); ok && c >= created {
			created = c + 1
		}
	}
	return fmt.Sprintf("%012x-%016x", created, rand.Uint64())
}

// folderTime returns the time in the name of a subfolder. It reports false for
// anything else that stands in the folder.
func folderTime(base string) (created int64, ok bool) {
	var random uint64
	_, err := fmt.Sscanf(base, "%x-%x", &created, &random)
	return created, err == nil && fmt.Sprintf("%012x-%016x", created, random) == base
}

func isFolderName(base string) bool {
	_, ok := folderTime(base)
	return ok
}

// newFolder makes a subfolder and locks it. Between the two another process
// may take it for one left behind and clean it away: then a new one is made.
func newFolder(fsys FS, dir string, now time.Time, sync bool) (*folder, error) {
	for attempt := 0; ; attempt++ {
		f := &folder{path: filepath.Join(dir, folderName(fsys, dir, now))}
		if err := makeFolder(fsys, f.path, sync); err != nil {
			return nil, fmt.Errorf("make spool folder: %w", err)
		}
		var err error
		if f.lock, err = fsys.Lock(filepath.Join(f.path, lockName), true); err == nil {
			return f, nil
		}
		beaten := errors.Is(err, ErrLocked) || errors.Is(err, fs.ErrNotExist)
		if !beaten {
			f.clean(fsys) // as far as it can be
		}
		if !beaten || attempt == 10 {
			return nil, fmt.Errorf("spool folder %s: %w", f.path, err)
		}
	}
}

// makeFolder makes a folder and those above it. The name of a folder is kept by
// the one above, so that is what has to be synced.
func makeFolder(fsys FS, path string, sync bool) error {
	parent := parentOf(path)
	err := fsys.Mkdir(path)
	if errors.Is(err, fs.ErrNotExist) && parent != path {
		if err := makeFolder(fsys, parent, sync); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		err = fsys.Mkdir(path)
	}
	if err != nil || !sync {
		return err
	}
	if err := fsys.SyncDir(parent); err != nil {
		return fmt.Errorf("sync spool folder %s: %w", parent, err)
	}
	return nil
}

// release gives the lock back, and before that cleans the folder away if it is
// empty. In the other order somebody who has opened the lock file by now could
// lock it in between, and would work in a folder that is gone; this way they
// find that the file they locked has no name any more, and make another.
func (f *folder) release(fsys FS) error {
	if f.segments > 0 || f.keep {
		return f.lock.Close()
	}
	if runtime.GOOS == "windows" {
		// An open file cannot be removed there: neither ours nor theirs.
		return errors.Join(f.lock.Close(), f.clean(fsys))
	}
	return errors.Join(f.clean(fsys), f.lock.Close())
}

// clean removes the folder and the lock file. Somebody who makes a folder may
// have put a lock file of their own there in between: then it is theirs.
func (f *folder) clean(fsys FS) error {
	err := gone(fsys.Remove(filepath.Join(f.path, lockName)))
	left := gone(fsys.Remove(f.path))
	if errors.Is(left, fs.ErrExist) {
		left = nil
	}
	return errors.Join(err, left)
}

// gone forgives that a file to be removed is not there.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
