//go:build unix

// Package frameworks_test builds the programs of this module and asks each of
// them over HTTP, while it logs to a local server.
package frameworks_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/watchtowertest"
)

func TestFrameworksLogTheirRequests(t *testing.T) {
	programs := t.TempDir()
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-w", "-o", programs+"/", "./...").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	routes := map[string]string{
		"chi": "/hello/{name}", "gorilla": "/hello/{name}", "echo": "/hello/:name", "gin": "/hello/:name",
	}
	built, err := os.ReadDir(programs)
	if err != nil || len(built) != len(routes) {
		t.Errorf("%d programs were built, and %d are run: %v", len(built), len(routes), err)
	}
	for name, route := range routes {
		t.Run(name, func(t *testing.T) {
			logs := watchtowertest.NewServer(t)
			converse(t, filepath.Join(programs, name), logs)
			want := []record{
				{"msg": "greeting", "level": "INFO", "request_id": "r-hello"},
				{"msg": "request", "level": "INFO", "request_id": "r-hello", "path": "/hello/ada", "route": route, "query": "token=REDACTED", "status": 200.0, "bytes_out": 10.0},
				{"msg": "request", "level": "WARN", "request_id": "r-nowhere", "path": "/nowhere", "status": 404.0},
				{"msg": "request", "level": "ERROR", "request_id": "r-panic", "path": "/panic", "route": "/panic", "status": 500.0, "bytes_out": 0.0, "panic": "lost"},
				{"msg": "request", "level": "INFO", "request_id": "r-stream", "path": "/stream", "route": "/stream", "status": 200.0, "bytes_out": 6.0, "canceled": "context canceled"},
			}
			if diff := cmp.Diff(want, stored(t, logs, name)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// converse starts a program, asks it for all that it has, and ends it.
func converse(t *testing.T, program string, logs *watchtowertest.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "AWS_") { // nothing for the real AWS may interfere
			cmd.Env = append(cmd.Env, setting)
		}
	}
	cmd.Env = append(cmd.Env, "AWS_ENDPOINT_URL="+logs.URL(), "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=local",
		"AWS_SECRET_ACCESS_KEY=local", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	stderr := &strings.Builder{} // net/http tells it of the panic
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	url := strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(line, "try ")), "/hello/ada")
	if status, body := ask(ctx, t, url, "hello", "/hello/ada?token=s3cr3t"); status != 200 || body != "hello, ada" {
		t.Errorf("hello: %d, %q", status, body)
	}
	if status, _ := ask(ctx, t, url, "nowhere", "/nowhere"); status != 404 {
		t.Errorf("nowhere: %d", status)
	}
	if status, body := ask(ctx, t, url, "stream", "/stream"); status != 200 || body != "first\n" {
		t.Errorf("stream: %d, %q", status, body)
	}
	if status, _ := ask(ctx, t, url, "panic", "/panic"); status != 0 {
		t.Errorf("the panic was answered: %d", status)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(stderr.String(), "http: panic serving") {
		t.Errorf("%v; standard error: %s", err, stderr)
	}
}

// ask sends a request and returns the status and the first line of the answer;
// the rest of a stream never comes. Status 0 is no answer.
func ask(ctx context.Context, t *testing.T, url, id, target string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Request-Id", "r-"+id)
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	if got := answer.Header.Get("X-Request-Id"); got != "r-"+id {
		t.Errorf("%s: the answer has the id %q", target, got)
	}
	body, err = bufio.NewReader(answer.Body).ReadString('\n')
	if err != nil && err != io.EOF {
		t.Errorf("%s: %v", target, err)
	}
	return answer.StatusCode, body
}

type record map[string]any

// stored returns the records of a group with what is the same for all
// frameworks and in every run. That a stack is there is checked here.
func stored(t *testing.T, logs *watchtowertest.Server, group string) (all []record) {
	t.Helper()
	for _, event := range logs.Events(group) {
		var r record
		if err := json.Unmarshal([]byte(event.Message), &r); err != nil {
			t.Fatal(err)
		}
		if stack, _ := r["stack"].(string); (r["panic"] != nil) != strings.Contains(stack, "main.main.func") {
			t.Errorf("%v: stack %q", r["path"], stack)
		}
		if r["status"] == 404.0 {
			delete(r, "bytes_out") // their own texts
		}
		few := record{}
		for _, key := range []string{"msg", "level", "request_id", "path", "route", "query", "status", "bytes_out", "canceled", "panic"} {
			if value, ok := r[key]; ok {
				few[key] = value
			}
		}
		all = append(all, few)
	}
	// The stream's end and the panic are not one after the other.
	slices.SortStableFunc(all, func(a, b record) int {
		return strings.Compare(a["request_id"].(string), b["request_id"].(string))
	})
	return all
}
