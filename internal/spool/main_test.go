package spool

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

// children are what the test binary does instead of testing when it is run
// again as a process of its own, by name; the argument is a spool folder.
var children = map[string]func(dir string){}

const childVar, dirVar = "SPOOL_TEST_CHILD", "SPOOL_TEST_DIR"

func TestMain(m *testing.M) {
	if run := children[os.Getenv(childVar)]; run != nil {
		run(os.Getenv(dirVar))
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// A process is a child that runs.
type process struct {
	*exec.Cmd
	lines *bufio.Scanner
	stdin io.WriteCloser
}

// start runs a child, whose standard input is the parent's to write to.
func start(t *testing.T, name, dir string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0])}
	p.Env = append(os.Environ(), childVar+"="+name, dirVar+"="+dir,
		"GORACE=atexit_sleep_ms=0") // or a child takes a second to end
	p.Stderr = os.Stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	if p.stdin, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}
