//go:build unix

package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary is the built command; TestMain sets it before any test runs.
var binary string

// TestMain builds the command once for all tests, exactly as a user would.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "watchtower-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "watchtower")
	build := exec.Command("go", "build", "-o", binary, "github.com/watchtower-go/watchtower/cmd/watchtower")
	build.Stderr = os.Stderr
	placeholders()
	code := 1
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the command:", err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// patience bounds every wait for the server: it is generous because the
// machine may be busy, and only ever reached by a failing test.
const patience = 60 * time.Second

// A server is a running `watchtower local`.
type server struct {
	URL string // http://127.0.0.1:port, without a slash at the end

	cmd    *exec.Cmd
	stderr *bytes.Buffer // read only after the process has ended
	exited chan error    // receives what Wait returned, once
}

// startServer starts `watchtower local` on the given address (port 0: any free
// one) and returns when it has printed its line. The caller ends it with stop
// or kill; the test's end kills one that is left over.
func startServer(t *testing.T, listen string, flags ...string) *server {
	t.Helper()
	s := &server{
		cmd:    exec.Command(binary, append([]string{"local", "--listen", listen}, flags...)...),
		stderr: new(bytes.Buffer),
		exited: make(chan error, 1),
	}
	s.cmd.Stderr = s.stderr
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	ready := make(chan string, 1)
	go s.follow(bufio.NewReader(stdout), ready)
	select {
	case s.URL = <-ready:
	case err := <-s.exited:
		t.Fatalf("watchtower local ended before it was ready: %v\n%s", err, s.stderr)
	case <-time.After(patience):
		t.Fatalf("watchtower local printed no address in %v", patience)
	}
	return s
}

// follow hands over the address in the server's first line, then drains
// standard output (a full pipe would stop the server) and reports the end.
// Wait must come after the last read, or it closes the pipe under the reader.
func (s *server) follow(out *bufio.Reader, ready chan<- string) {
	for {
		line, err := out.ReadString('\n')
		if _, address, found := strings.Cut(line, "http://"); found {
			select {
			case ready <- "http://" + strings.TrimRight(strings.Fields(address)[0], "/"):
			default: // a later line that mentions an address
			}
		}
		if err != nil {
			s.exited <- s.cmd.Wait()
			return
		}
	}
}

// address is host:port, to start another server in the same place.
func (s *server) address() string { return strings.TrimPrefix(s.URL, "http://") }

// stop asks the server to end, as a service manager does, and wants exit code 0.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop the server: %v\n%s", err, s.stderr)
	}
	if err := s.wait(t); err != nil {
		t.Fatalf("the server did not stop cleanly: %v\n%s", err, s.stderr)
	}
}

// kill ends the server with SIGKILL: nothing is flushed, nothing is closed.
func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatalf("kill the server: %v\n%s", err, s.stderr)
	}
	exit, ok := errors.AsType[*exec.ExitError](s.wait(t))
	if !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the server did not die of the kill: %v\n%s", exit, s.stderr)
	}
}

// wait returns how the process ended.
func (s *server) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.exited:
		return err
	case <-time.After(patience):
		t.Fatalf("the server still runs %v after it was told to end", patience)
		return nil
	}
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
