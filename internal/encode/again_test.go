package encode

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// made returns the event of a line.
func made(t *testing.T, line string) cwl.Event {
	t.Helper()
	b := Get()
	defer b.Free()
	if err := New(Options{}).LineString(b, time.UnixMilli(1_700_000_000_123), slog.LevelWarn, line); err != nil {
		t.Fatal(err)
	}
	e := b.Events()[0]
	e.Fragment = []byte(string(e.Fragment))
	return e
}

func TestMessageIsTheTextAgain(t *testing.T) {
	for _, text := range []string{"plain", `{"a":"b\n"}`, "\x00\t\"quoted\" \\ é \U0001f600\u2028", `,"message":"`} {
		e := made(t, text)
		if got := Message(&e); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}

func TestRestampKeepsTheOriginalTime(t *testing.T) {
	at := time.UnixMilli(1_800_000_000_000)
	for text, want := range map[string]string{
		`{"msg":"x"}`: `{"msg":"x","_original_time":"2023-11-14T22:13:20.123Z"}`,
		`{}`:          `[_original_time=2023-11-14T22:13:20.123Z] {}`,
		`plain`:       `[_original_time=2023-11-14T22:13:20.123Z] plain`,
		`{not json}`:  `[_original_time=2023-11-14T22:13:20.123Z] {not json}`,
	} {
		e := made(t, text)
		n := Restamp(&e, at)
		if got := Message(&n); got != want || n.Size != len(want) || n.Time != at.UnixMilli() || n.Level != slog.LevelWarn {
			t.Errorf("%q became %q, size %d", text, got, n.Size)
		}
		var wire struct {
			Timestamp int64
			Message   string
		}
		if err := json.Unmarshal(n.Fragment, &wire); err != nil || wire.Message != want || wire.Timestamp != n.Time {
			t.Errorf("fragment %s: %v", n.Fragment, err)
		}
	}
}

func TestRestampStaysBelowTheLimit(t *testing.T) {
	e := made(t, strings.Repeat("x", cwl.MaxEventBytes))
	if n := Restamp(&e, time.Now()); n.Size > cwl.MaxEventBytes {
		t.Errorf("size %d", n.Size)
	}
}

func TestShortenFits(t *testing.T) {
	for _, text := range []string{`{"msg":"` + strings.Repeat("é", 1000) + `"}`, strings.Repeat("é", 1000)} {
		e := made(t, text)
		n := Shorten(&e, 500)
		if n.Size > 500 || n.Size != len(Message(&n)) {
			t.Errorf("size %d of %q", n.Size, Message(&n))
		}
		if text[0] == '{' && !json.Valid([]byte(Message(&n))) {
			t.Errorf("not JSON: %s", Message(&n))
		}
	}
}
