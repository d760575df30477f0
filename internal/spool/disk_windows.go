package spool

import (
	"errors"
	"syscall"
)

// From the list of system error codes of Windows.
const (
	errorHandleDiskFull = syscall.Errno(39)
	errorDiskFull       = syscall.Errno(112)
	errorDiskQuota      = syscall.Errno(1295)
)

// noRoom reports whether a write failed for want of room.
func noRoom(err error) bool {
	return errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull) || errors.Is(err, errorDiskQuota)
}

// openFlags are none: see the check before.
const openFlags = 0

// SyncDir does nothing: NTFS keeps its own journal of names, and a folder
// cannot be flushed through an ordinary handle.
func (disk) SyncDir(string) error { return nil }
