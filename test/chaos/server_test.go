//go:build chaos && unix

package chaos

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait; only a failing test reaches it.
const patience = 60 * time.Second

// A server is a running `watchtower local`.
type server struct {
	address string // host:port
	cmd     *exec.Cmd
	stderr  *bytes.Buffer // read only after the process has ended
	exited  chan error    // receives what Wait returned, once
}

// startServer starts the real binary on that address (port 0: any free one)
// and data directory, and returns when it serves.
func startServer(t *testing.T, listen, data string) *server {
	t.Helper()
	s := &server{
		cmd:    exec.Command(binary, "local", "--listen", listen, "--data", data, "--allow-faults"),
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
	go func() {
		out := bufio.NewReader(stdout)
		for {
			line, err := out.ReadString('\n')
			if _, address, found := strings.Cut(line, "http://"); found {
				select {
				case ready <- strings.TrimRight(strings.Fields(address)[0], "/"):
				default:
				}
			}
			if err != nil {
				s.exited <- s.cmd.Wait() // after the last read
				return
			}
		}
	}()
	select {
	case s.address = <-ready:
	case err := <-s.exited:
		t.Fatalf("the server does not open its store after a kill: %v\n%s", err, s.stderr)
	case <-time.After(patience):
		t.Fatalf("the server printed no address in %v", patience)
	}
	return s
}

// kill ends the server with SIGKILL.
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

// stop asks the server to end and wants exit code 0.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop the server: %v\n%s", err, s.stderr)
	}
	if err := s.wait(t); err != nil {
		t.Fatalf("the server did not stop cleanly: %v\n%s", err, s.stderr)
	}
}

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

// fault adds a rule (docs/faults.md); an empty one clears all.
func (s *server) fault(t *testing.T, rule string) {
	t.Helper()
	method := http.MethodPost
	if rule == "" {
		method = http.MethodDelete
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.address+"/_watchtower/faults", strings.NewReader(rule))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Watchtower-Faults", "1")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		resp.Body.Close()
		if resp.StatusCode/100 != 2 {
			err = fmt.Errorf("status %d", resp.StatusCode)
		}
	}
	if err != nil {
		t.Fatalf("fault %s: %v", rule, err)
	}
}
