//go:build unix

package localserver

import (
	"bufio"
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Patience bounds every wait for the server: it is generous because the
// machine may be busy, and only ever reached by a failing test.
const Patience = 60 * time.Second

// A Server is a running `watchtower local`.
type Server struct {
	URL string // http://127.0.0.1:port, without a slash at the end

	cmd    *exec.Cmd
	stderr *bytes.Buffer // read only after the process has ended
	exited chan error    // receives what Wait returned, once
}

// Start starts `watchtower local`, of that binary, on the given address (port 0:
// any free one) and returns when it has printed its line. The caller ends it
// with Stop or Kill; the test's end kills one that is left over.
func Start(t *testing.T, binary, listen string, flags ...string) *Server {
	t.Helper()
	s := &Server{
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
	case <-time.After(Patience):
		t.Fatalf("watchtower local printed no address in %v", Patience)
	}
	return s
}

// follow hands over the address in the server's first line, then drains
// standard output (a full pipe would stop the server) and reports the end.
// Wait must come after the last read, or it closes the pipe under the reader.
func (s *Server) follow(out *bufio.Reader, ready chan<- string) {
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

// Address is host:port, to start another server in the same place.
func (s *Server) Address() string { return strings.TrimPrefix(s.URL, "http://") }

// Stop asks the server to end, as a service manager does, and wants exit code 0.
func (s *Server) Stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop the server: %v\n%s", err, s.stderr)
	}
	if err := s.wait(t); err != nil {
		t.Fatalf("the server did not stop cleanly: %v\n%s", err, s.stderr)
	}
}

// Kill ends the server with SIGKILL: nothing is flushed, nothing is closed.
func (s *Server) Kill(t *testing.T) {
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
func (s *Server) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.exited:
		return err
	case <-time.After(Patience):
		t.Fatalf("the server still runs %v after it was told to end", Patience)
		return nil
	}
}
