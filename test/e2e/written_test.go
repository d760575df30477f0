//go:build e2e && unix

package e2e

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

// TestEveryClientReadsWhatTheLibraryWrote logs through the library and reads
// the stream with each of the four clients: the bytes are those that were
// logged, and the same for all.
func TestEveryClientReadsWhatTheLibraryWrote(t *testing.T) {
	const group = "/e2e/written"
	s := startServer(t, "127.0.0.1:0", "--data", t.TempDir())
	h, err := watchtower.New(t.Context(), group, &watchtower.Options{
		EndpointURL: s.URL, Region: "us-east-1", LogStreamName: "s",
		OnError: func(err error) { t.Errorf("told by the handler: %v", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := writeEverything(t, h)
	if err := h.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, start := range clients {
		t.Run(name, func(t *testing.T) {
			c := &conversation{client: start(t, s.URL), group: group}
			var got []string
			for _, e := range readPages(c, t, "s", 5) {
				got = append(got, e["message"].(string))
			}
			same(t, "messages", got, want)
		})
	}
	s.Stop(t)
}

// writeEverything logs by every way in, and returns the messages in order.
// Each record also goes to the standard library's handler: ours promises the
// same bytes.
func writeEverything(t *testing.T, h *watchtower.Handler) []string {
	t.Helper()
	var std bytes.Buffer
	log := slog.New(slog.NewMultiHandler(h, slog.NewJSONHandler(&std, nil)))
	for _, text := range []string{
		"plain", "Grüße, 世界, नमस्ते", "👩‍👩‍👧‍👦 🇩🇪 𝔘", `"quotes" \ backslash <b>&amp;</b>`,
		"lines\nand\r\nreturns\tand tabs", "\x1b[31mred\x1b[0m \a\b\f\x7f", "\u2028\u2029\ufeff\ufffd", "",
	} {
		log.Info(text)
		log.Warn("attributes", "text", text, "error", errors.New(text), "took", time.Second, "at", time.Unix(1, 5).UTC(),
			slog.Group("g", "pi", math.Pi, "n", math.MinInt, "list", []string{text}))
		log.With("with", text).WithGroup("group").Error("inside", "text", text)
	}
	log.Info(strings.Repeat("long é😀 ", 20_000))
	want := strings.Split(strings.TrimSuffix(std.String(), "\n"), "\n")
	for _, line := range []string{"one Write, one event", `not "JSON" {`, "unicode é 世界 😀"} {
		if _, err := io.WriteString(h.Writer(), line+"\n"); err != nil {
			t.Fatal(err)
		}
		want = append(want, line)
	}
	return want
}
