//go:build chaos && unix

package chaos

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/test/localserver"
)

// patience bounds every wait; only a failing test reaches it.
const patience = localserver.Patience

// A server is a running `watchtower local` that takes faults.
type server struct {
	*localserver.Server
	address string // host:port
}

// startServer starts the real binary on that address (port 0: any free one)
// and data directory, and returns when it serves.
func startServer(t *testing.T, listen, data string) *server {
	t.Helper()
	s := localserver.Start(t, binary, listen, "--data", data, "--allow-faults")
	return &server{s, s.Address()}
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
