//go:build chaos && unix

package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// binary is the built command; TestMain sets it before any test runs.
var binary string

// TestMain is three things: with a configuration in the environment this
// process is a client, otherwise it builds the command and runs the tests.
func TestMain(m *testing.M) {
	if raw := os.Getenv(configVariable); raw != "" {
		os.Exit(client(raw))
	}
	dir, err := os.MkdirTemp("", "watchtower-chaos-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	placeholders()
	binary = filepath.Join(dir, "watchtower")
	build := exec.Command("go", "build", "-o", binary, "github.com/watchtower-go/watchtower/cmd/watchtower")
	build.Stderr = os.Stderr
	code := 1
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the command:", err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// placeholders gives this process, and those that it starts, an environment
// that leads to no real credentials and to no other endpoint.
func placeholders() {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			os.Unsetenv(name)
		}
	}
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID":           "placeholder",
		"AWS_SECRET_ACCESS_KEY":       "placeholder",
		"AWS_REGION":                  "us-east-1",
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_CONFIG_FILE":             os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		os.Setenv(name, value)
	}
}
