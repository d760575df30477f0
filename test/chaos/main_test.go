//go:build chaos && unix

package chaos

import (
	"os"
	"testing"

	"github.com/watchtower-go/watchtower/test/localserver"
)

// binary is the built command; TestMain sets it before any test runs.
var binary string

// TestMain is three things: with a configuration in the environment this
// process is a client, otherwise it builds the command and runs the tests.
func TestMain(m *testing.M) {
	if raw := os.Getenv(configVariable); raw != "" {
		os.Exit(client(raw))
	}
	os.Exit(localserver.Run(func(built string) int {
		binary = built
		return m.Run()
	}))
}
