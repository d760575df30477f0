// Package trial is what the tests of the bridges have in common: a handler that
// delivers to a local server, and whose ledger must balance when the test ends.
package trial

import (
	"context"
	"regexp"
	"testing"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

const group = "app"

// Open returns a handler whose log group is "app", and the server that it delivers
// to. Client and OnError of the options are its own.
func Open(t *testing.T, opts watchtower.Options) (*watchtower.Handler, *watchtowertest.Server) {
	t.Helper()
	s := watchtowertest.NewServer(t)
	opts.Client, opts.OnError = s.Client(), func(error) {}
	h, err := watchtower.New(t.Context(), group, &opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Faults().Clear()
		h.Close(context.Background()) // no outage is left to wait for
		if st := h.Stats(); st.Accepted != st.Delivered+st.Rejected+st.Dropped || st.Pending != 0 {
			t.Errorf("the ledger does not balance: %+v", st)
		}
	})
	return h, s
}

var varying = regexp.MustCompile(`"time":"[^"]*",|time=\S+ `)

// Messages flushes, and returns what is stored, in the order of time and without
// the times that slog writes.
func Messages(t *testing.T, h *watchtower.Handler, s *watchtowertest.Server) (all []string) {
	t.Helper()
	if err := h.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range s.Events(group) {
		all = append(all, varying.ReplaceAllString(e.Message, ""))
	}
	return all
}
