package spool

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

var lockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

// From the documentation of LockFileEx.
const (
	lockfileFailImmediately = 1
	lockfileExclusiveLock   = 2
	errorLockViolation      = syscall.Errno(33)
)

// tryLock takes the lock of an open file without waiting. The lock belongs to
// the handle: it ends when that is closed or its process dies.
func tryLock(f *os.File) error { return lockByte(f, lockfileExclusiveLock) }

// tryShared takes a lock that others may have at the same time, in the same way.
func tryShared(f *os.File) error { return lockByte(f, 0) }

func lockByte(f *os.File, how uintptr) error {
	// The byte that is locked is far behind the end, since others may not read
	// what is locked.
	overlapped := syscall.Overlapped{OffsetHigh: 1 << 30}
	ok, _, err := lockFileEx.Call(f.Fd(), how|lockfileFailImmediately,
		0, 1, 0, uintptr(unsafe.Pointer(&overlapped)))
	switch {
	case ok != 0:
		return nil
	case errors.Is(err, errorLockViolation), errors.Is(err, syscall.ERROR_IO_PENDING):
		return ErrLocked
	}
	return fmt.Errorf("lock %s: %w", f.Name(), err)
}
