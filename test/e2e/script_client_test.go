//go:build e2e && unix

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
)

// A scriptClient is a client in another language: a process that reads calls
// and writes answers, a line each (boto3_client.py says how).
type scriptClient struct {
	name   string
	calls  io.Writer
	answer *bufio.Reader
}

// Debian's boto3 belongs to Debian's Python; another python3 that comes first
// in the PATH does not see it.
func newBoto3(t *testing.T, url string) caller {
	return startScript(t, "/usr/bin/python3", "boto3_client.py", url)
}

func newJavaScriptSDK(t *testing.T, url string) caller {
	if _, err := os.Stat("js/node_modules/@aws-sdk"); err != nil {
		t.Fatalf("the JavaScript SDK is missing (run: npm ci --prefix test/e2e/js): %v", err)
	}
	return startScript(t, "node", "js/client.mjs", url)
}

// startScript starts the process; it ends with the test, and must end well.
func startScript(t *testing.T, name string, args ...string) caller {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the client (is it installed?): %v", err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	return &scriptClient{name, in, bufio.NewReader(out)}
}

func (c *scriptClient) call(op string, in object, pages bool) ([]object, error) {
	line, err := json.Marshal(object{"op": op, "in": in, "pages": pages})
	if err != nil {
		return nil, err
	}
	if _, err := c.calls.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	text, err := c.answer.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	var a struct {
		Out                   []object
		Code, Message, Failed string
	}
	if err := decode(text, &a); err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	switch {
	case a.Failed != "":
		return nil, fmt.Errorf("%s: %s", c.name, a.Failed)
	case a.Code != "":
		return nil, &answeredError{a.Code, a.Message}
	}
	return a.Out, nil
}
