package logconfig_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/logconfig"
)

// An endless value is a group that contains itself, twice.
type endless struct{ key string }

func (e endless) LogValue() slog.Value {
	return slog.GroupValue(slog.Any(e.key, e), slog.Any(e.key, e))
}

// A value that contains itself does not end the program, whatever the key.
func TestEndlessGroupsEnd(t *testing.T) {
	for _, key := range []string{"", "k"} {
		var out bytes.Buffer
		cfg, err := logconfig.Read(strings.NewReader(`
version: 1
formatters: {line: {format: "%(message)s [%(tenant)s]"}}
handlers:
  console: {class: logging.StreamHandler, formatter: line}
root: {handlers: [console]}
`), &logconfig.Options{Stderr: io.Writer(&out)})
		if err != nil {
			t.Fatal(err)
		}
		slog.New(cfg.Logger("").Handler()).With("w", endless{key}).Warn("m", "tenant", "a", "", endless{key})
		if got := out.String(); !strings.HasSuffix(got, "[a]\n") || !strings.Contains(got, "!ERROR:") {
			t.Errorf("%.200q", got)
		}
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// counted counts how often it is asked.
type counted struct{ n *int }

func (c counted) LogValue() slog.Value {
	*c.n++
	return slog.GroupValue(slog.Int("id", *c.n))
}

func TestLogValuersAreAskedOnce(t *testing.T) {
	var out bytes.Buffer
	n := 0
	cfg, err := logconfig.Read(strings.NewReader(`
version: 1
formatters: {line: {format: "%(message)s %(req.none)s %(req.id)s"}}
handlers: {console: {class: logging.StreamHandler, formatter: line}}
root: {handlers: [console]}
`), &logconfig.Options{Stderr: io.Writer(&out)})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(context.Background())
	slog.New(cfg.Logger("").Handler()).Warn("m", "req", counted{&n}, "other", counted{&n})
	if n != 2 || out.String() != "m other.id=2 - 1\n" {
		t.Errorf("%d times: %q", n, out.String())
	}
}
