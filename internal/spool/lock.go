package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// lockFile takes the lock of a file and proves that it is worth something: the
// file must still stand at its name, since its folder may have been cleaned
// away between opening and locking, and a second attempt through another
// descriptor must fail. Where flock is turned into locks that belong to the
// process (NFS), or into nothing, the second attempt succeeds.
func lockFile(name string, create bool) (io.Closer, error) {
	if err := realFolder(filepath.Dir(name)); err != nil {
		return nil, err
	}
	f, err := openLock(name, create)
	if err != nil {
		return nil, err
	}
	if err := proveLock(f, name, tryLock, tryLock); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// lookAtLock is lockFile with a lock that others who look may have too.
func lookAtLock(name string) (io.Closer, error) {
	if err := realFolder(filepath.Dir(name)); err != nil {
		return nil, err
	}
	f, err := openLock(name, false)
	if err != nil {
		return nil, err
	}
	if err := proveLock(f, name, tryShared, tryLock); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func openLock(name string, create bool) (*os.File, error) {
	flag := os.O_RDWR
	if create {
		flag |= os.O_CREATE
	}
	f, err := openRegular(name, flag, fileMode)
	if errors.Is(err, fs.ErrPermission) && !create {
		f, err = openRegular(name, os.O_RDONLY, 0) // inspecting what belongs to somebody else
	}
	return f, err
}

// proveLock takes the lock by first, and makes sure that second, which is
// exclusive, fails then.
func proveLock(f *os.File, name string, first, second func(*os.File) error) error {
	if err := first(f); err != nil {
		return err
	}
	again, err := openLock(name, false)
	if err != nil {
		return err
	}
	defer again.Close()
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	named, err := again.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(mine, named) {
		return fmt.Errorf("lock %s: %w", name, fs.ErrNotExist)
	}
	switch err := second(again); {
	case err == nil:
		return fmt.Errorf("lock %s: %w", name, ErrFakeLock)
	case errors.Is(err, ErrLocked):
		return nil
	default:
		return err
	}
}
