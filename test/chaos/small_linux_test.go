//go:build chaos

package chaos

import (
	"fmt"
	"syscall"
)

// mountSmall puts a disk of that size, in memory, on a folder.
func mountSmall(dir string, bytes int) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes))
}

func unmount(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }
