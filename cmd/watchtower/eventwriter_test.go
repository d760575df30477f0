package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/term"
)

// written is what a format makes of messages, on a screen that is a file.
func written(t *testing.T, format string, messages ...string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "screen"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	w := newEventWriter(format, &b, term.NewScreen(f))
	for i, m := range messages {
		e := types.OutputLogEvent{Timestamp: new(1763670082123 + int64(i)), Message: &m, IngestionTime: new(int64(1763670082999))}
		if err := w.event(&e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.end("f/1/s", "b/0/s"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEventsArePrintedInEachFormat(t *testing.T) {
	messages := []string{"plain", "\"quoted\"\ttab \\ \x01 \u2028 <&> 日本\n"}
	for format, want := range map[string]string{
		"text": "2025-11-20T20:21:22.123Z plain\n2025-11-20T20:21:22.124Z \"quoted\"\ttab \\ \x01 \u2028 <&> 日本\n",
		"ndjson": `{"timestamp":1763670082123,"message":"plain","ingestionTime":1763670082999}` + "\n" +
			`{"timestamp":1763670082124,"message":"\"quoted\"\ttab \\ \u0001 ` + "\u2028" + ` <&> 日本\n","ingestionTime":1763670082999}` + "\n",
		"json": `{
    "events": [
        {
            "timestamp": 1763670082123,
            "message": "plain",
            "ingestionTime": 1763670082999
        },
        {
            "timestamp": 1763670082124,
            "message": "\"quoted\"\ttab \\ \u0001 ` + "\u2028" + ` <&> 日本\n",
            "ingestionTime": 1763670082999
        }
    ],
    "nextForwardToken": "f/1/s",
    "nextBackwardToken": "b/0/s"
}
`,
	} {
		if diff := cmp.Diff(want, written(t, format, messages...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestADocumentWithoutEventsIsWhole(t *testing.T) {
	want := "{\n    \"events\": [],\n    \"nextForwardToken\": \"f/1/s\",\n    \"nextBackwardToken\": \"b/0/s\"\n}\n"
	if diff := cmp.Diff(want, written(t, "json")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := written(t, "text") + written(t, "ndjson"); got != "" {
		t.Errorf("no events make %q", got)
	}
}

func TestATerminalIsNotAtTheMercyOfAMessage(t *testing.T) {
	var b bytes.Buffer
	w := &textWriter{w: &b, paint: new(term.Screen).Paint, terminal: true}
	if err := w.event(&types.OutputLogEvent{Timestamp: new(int64(0)), Message: new("a\x1b[2Jb")}); err != nil {
		t.Fatal(err)
	}
	if want := "1970-01-01T00:00:00.000Z a\\x1b[2Jb\n"; b.String() != want {
		t.Errorf("printed %q, want %q", b.String(), want)
	}
}

func FuzzQuoted(f *testing.F) {
	f.Add("plain")
	f.Add("\"\\\x00\x1f\x7f\u2028\U0001F600\xff\b\f\n\r\t")
	f.Fuzz(func(t *testing.T, text string) {
		quoted := appendQuoted(nil, text)
		var got string
		if err := json.Unmarshal(quoted, &got); err != nil {
			t.Fatalf("appendQuoted(%q) = %s: %v", text, quoted, err)
		}
		// One replacement for each invalid byte, as package json does.
		if want := string([]rune(text)); got != want {
			t.Errorf("appendQuoted(%q) = %s, want %q", text, quoted, want)
		}
	})
}
