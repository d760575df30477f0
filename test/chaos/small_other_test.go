//go:build chaos && unix && !linux

package chaos

import "errors"

// mountSmall is known for Linux only.
func mountSmall(string, int) error { return errors.ErrUnsupported }

func unmount(string) error { return nil }
