package localserver

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Run builds the command once, exactly as a user would, and runs tests with the
// path of the binary. It returns their exit code. It is what a TestMain does.
func Run(tests func(binary string) int) (code int) {
	dir, err := os.MkdirTemp("", "watchtower-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "watchtower")
	build := exec.Command("go", "build", "-o", binary, "github.com/watchtower-go/watchtower/cmd/watchtower")
	build.Stderr = os.Stderr
	placeholders()
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the command:", err)
		return 1
	}
	return tests(binary)
}

// placeholders gives this process, and with it every one that it starts, an
// environment that leads no client to real credentials or to another endpoint.
// UTF-8 is asked for by name because a machine of a build service often has no
// locale set.
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
		"AWS_DEFAULT_REGION":          "us-east-1", // the only one that boto3 reads
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_CONFIG_FILE":             os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_PAGER":                   "",
		"LC_ALL":                      "C.UTF-8",
	} {
		os.Setenv(name, value)
	}
}
