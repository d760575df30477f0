//go:build unix

package examples_test

import (
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// terminate tells a program to end, as Docker, Kubernetes and ECS do.
func (e *example) terminate(t *testing.T) {
	t.Helper()
	if err := e.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

func TestWebserverLogsEachRequest(t *testing.T) {
	t.Parallel()
	e := start(t, "webserver")
	url := strings.TrimSpace(strings.TrimPrefix(e.line(t), "try "))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233")
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "hello, ada\n" {
		t.Errorf("answer %q, %v", body, err)
	}
	e.terminate(t)
	e.end(t)
	want := []string{
		`{"level":"INFO","msg":"greeting","request":{"path":"/hello/ada","trace":"Root=1-67891233"},"name":"ada"}`,
		`{"level":"INFO","msg":"served","request":{"path":"/hello/ada","trace":"Root=1-67891233"}}`,
	}
	if diff := cmp.Diff(want, e.stored("webserver")); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestShutdownDeliversItsLastWords(t *testing.T) {
	t.Parallel()
	e := start(t, "shutdown")
	e.line(t) // it works
	e.terminate(t)
	e.end(t)
	all := e.stored("shutdown")
	if n := len(all); n < 2 || !strings.Contains(all[0], `"msg":"working"`) || !strings.Contains(all[n-1], `"msg":"told to end","cause":"terminated`) {
		t.Errorf("stored %q", all)
	}
}
