package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The lock file of a subfolder has a line that says for whom its events are:
// Options.Owner. It is written before the first segment is, so that no events
// are without it, and never changed while there are any, except by Give.

// maxOwner bounds the line.
const maxOwner = 1024

// sign writes the line, once, and makes it durable unless the policy is
// SyncNever.
func (s *Spool) sign() error {
	s.signing.Lock()
	defer s.signing.Unlock()
	f := s.ownFolder()
	if f.signed || s.opts.Owner == "" {
		return nil
	}
	if err := writeOwner(s.fs, f.path, s.opts.Owner, s.opts.Sync != SyncNever); err != nil {
		return fmt.Errorf("spool folder %s: %w", f.path, err)
	}
	f.signed = true
	return nil
}

func writeOwner(fsys FS, folder, owner string, sync bool) error {
	f, err := fsys.OpenFile(filepath.Join(folder, lockName), os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	line := []byte(owner + "\n")
	_, err = f.WriteAt(line, 0)
	if err == nil {
		err = f.Truncate(int64(len(line)))
	}
	if err == nil && sync {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// readOwner returns the line of a subfolder; empty if there is none, as before
// it was introduced. What is not a whole line is nobody's.
func readOwner(fsys FS, folder string) (string, error) {
	b, err := readAll(fsys, filepath.Join(folder, lockName), maxOwner)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil || len(b) == 0 {
		return "", err
	}
	line, _, whole := strings.Cut(string(b), "\n")
	if !whole {
		return fmt.Sprintf("unknown (%q)", line), nil
	}
	return line, nil
}

// mayAdopt reports whether the events of a subfolder are for this spool.
func (s *Spool) mayAdopt(folder string) (bool, error) {
	if s.opts.Owner == "" {
		return true, nil
	}
	owner, err := readOwner(s.fs, folder)
	return err == nil && (owner == "" || owner == s.opts.Owner), err
}

// Give makes what a process left in a subfolder another owner's, whose next
// process adopts it. The error is ErrLocked if the process lives.
func Give(folder, owner string) error {
	lock, err := disk{}.Lock(filepath.Join(folder, lockName), true)
	if err != nil {
		return fmt.Errorf("spool folder %s: %w", folder, err)
	}
	err = writeOwner(disk{}, folder, owner, true)
	if err := errors.Join(err, lock.Close()); err != nil {
		return fmt.Errorf("spool folder %s: %w", folder, err)
	}
	return nil
}

// readAll reads a small file, or the first bytes of one.
func readAll(fsys FS, name string, most int64) ([]byte, error) {
	f, err := fsys.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	b := make([]byte, min(size, most))
	n, err := f.ReadAt(b, 0)
	if n == len(b) {
		err = nil
	}
	return b[:n], err
}
