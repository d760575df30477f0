//go:build unix

package e2e

import (
	"os"
	"testing"

	"github.com/watchtower-go/watchtower/test/localserver"
)

// binary is the built command; TestMain sets it before any test runs.
var binary string

func TestMain(m *testing.M) {
	os.Exit(localserver.Run(func(built string) int {
		binary = built
		return m.Run()
	}))
}

// startServer starts `watchtower local` for a test.
func startServer(t *testing.T, listen string, flags ...string) *localserver.Server {
	t.Helper()
	return localserver.Start(t, binary, listen, flags...)
}
