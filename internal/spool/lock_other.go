//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package spool

import (
	"errors"
	"fmt"
	"os"
)

// tryLock fails: without locks that end with their process, two processes
// could take the same events.
func tryLock(f *os.File) error {
	return fmt.Errorf("lock %s: %w (%w)", f.Name(), ErrFakeLock, errors.ErrUnsupported)
}

func tryShared(f *os.File) error { return tryLock(f) }
