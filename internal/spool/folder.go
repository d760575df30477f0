package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"time"
)

// A folder is the subfolder of one process. Whoever has its lock may write
// into it and clean it away.
type folder struct {
	path     string
	lock     io.Closer
	segments int  // files in it that this spool knows of
	keep     bool // it holds something that must stay
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
func newFolder(fsys FS, dir string, now time.Time) (*folder, error) {
	for attempt := 0; ; attempt++ {
		f := &folder{path: filepath.Join(dir, folderName(fsys, dir, now))}
		if err := fsys.Mkdir(f.path); err != nil {
			return nil, fmt.Errorf("make spool folder: %w", err)
		}
		var err error
		if f.lock, err = fsys.Lock(filepath.Join(f.path, lockName), true); err == nil {
			return f, nil
		}
		beaten := errors.Is(err, ErrLocked) || errors.Is(err, fs.ErrNotExist)
		if !beaten || attempt == 10 {
			// Best effort: the folder holds nothing.
			fsys.Remove(filepath.Join(f.path, lockName))
			fsys.Remove(f.path)
			return nil, fmt.Errorf("spool folder %s: %w", f.path, err)
		}
	}
}

// release gives the lock back, and cleans the folder away if it is empty.
// Somebody may lock it in between; they find it empty and do the same.
func (f *folder) release(fsys FS) error {
	err := f.lock.Close()
	if f.segments > 0 || f.keep {
		return err
	}
	return errors.Join(err,
		gone(fsys.Remove(filepath.Join(f.path, lockName))),
		gone(fsys.Remove(f.path)))
}

// gone forgives that a file to be removed is not there.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
