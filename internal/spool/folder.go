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

// folderName is the creation time and a random number: names sort by age, say
// nothing of the host, and never meet.
func folderName(now time.Time) string {
	return fmt.Sprintf("%012x-%016x", now.UnixMilli(), rand.Uint64())
}

// isFolderName tells subfolders of ours from anything else in the folder.
func isFolderName(base string) bool {
	var created int64
	var random uint64
	_, err := fmt.Sscanf(base, "%x-%x", &created, &random)
	return err == nil && fmt.Sprintf("%012x-%016x", created, random) == base
}

// newFolder makes a subfolder and locks it. Between the two another process
// may take it for one left behind and clean it away: then a new one is made.
func newFolder(fsys FS, dir string, now time.Time) (*folder, error) {
	for attempt := 0; ; attempt++ {
		f := &folder{path: filepath.Join(dir, folderName(now))}
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
