//go:build !unix

package spool

import "time"

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }
