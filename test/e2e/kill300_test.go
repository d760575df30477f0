//go:build e2e && unix

package e2e

import "testing"

// TestKillServer300 kills the real server 300 times in the middle of puts.
func TestKillServer300(t *testing.T) { killServer(t, 300) }
