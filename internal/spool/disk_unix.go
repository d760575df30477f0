//go:build unix

package spool

import (
	"errors"
	"os"
	"syscall"
)

// noRoom reports whether a write failed for want of room: the disk, the
// user's quota, or the largest file that the process may write.
func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// openFlags keep a link from being followed, and a pipe from being waited for.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

func (disk) SyncDir(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
