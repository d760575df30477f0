//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package spool

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// tryLock takes the lock of an open file without waiting. The lock belongs to
// the open file: it ends when that is closed or its process dies.
func tryLock(f *os.File) error { return flock(f, syscall.LOCK_EX) }

// tryShared takes a lock that others may have at the same time, in the same way.
func tryShared(f *os.File) error { return flock(f, syscall.LOCK_SH) }

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrLocked
		case errors.Is(err, errors.ErrUnsupported):
			return fmt.Errorf("lock %s: %w (%w)", f.Name(), ErrFakeLock, err)
		}
		return fmt.Errorf("lock %s: %w", f.Name(), err)
	}
}
