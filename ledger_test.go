package watchtower_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

const (
	group = "app"
	small = 64 << 10 // the least QueueBytes
)

// balance fails the test unless the ledger balances.
func balance(t *testing.T, s watchtower.Stats) {
	if in, out := s.Accepted+s.Recovered, s.Delivered+s.Rejected+s.Dropped+s.Spooled+s.Pending; in != out {
		t.Helper() // which is dear, and balance is called very often
		t.Errorf("the ledger does not balance: %+v", s)
	}
}

// flush delivers what was logged.
func flush(t *testing.T, h *watchtower.Handler) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := h.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// own reports whether a message is one that the handler wrote by itself.
func own(msg string) bool { return strings.Contains(msg, `"msg":"watchtower: `) }

// answering is an answer with a status and no more.
func answering(r *http.Request, status int) *http.Response {
	return &http.Response{
		StatusCode: status, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")),
	}
}
