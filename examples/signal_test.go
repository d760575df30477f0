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
	r.Header.Set("User-Agent", "tests")
	r.Header.Set("X-Request-Id", "r-17")
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")
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
	const trace = `"trace_id":"67891233abcdef012345678912345678","xray_trace_id":"1-67891233-abcdef012345678912345678"`
	want := []string{
		`{"level":"INFO","msg":"greeting","request_id":"r-17",` + trace + `,"name":"ada"}`,
		`{"level":"INFO","msg":"request","method":"GET","path":"/hello/ada","route":"/hello/{name}","proto":"HTTP/1.1",` +
			`"status":200,"bytes_in":0,"bytes_out":11,"request_id":"r-17","client":"127.0.0.1","user_agent":"tests",` + trace + `}`,
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
