package logconfig_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/logconfig"
)

// A file that is begun anew when the program starts is not begun anew by a reload,
// one that fails included: what was logged so far stays.
func TestReloadEmptiesNoFile(t *testing.T) {
	dir := t.TempDir()
	doc := func(format, out string, more ...string) string {
		return fmt.Sprintf("version: 1\nformatters: {f: {format: '%s'}}\nhandlers:\n  out: {%s, filename: '%s/app.log', formatter: f}\n%s\nroot: {level: INFO, handlers: [out]}\n",
			format, out, filepath.ToSlash(dir), strings.Join(more, "\n"))
	}
	first := doc("%(message)s", "class: logging.FileHandler, mode: w")
	if err := os.WriteFile(filepath.Join(dir, "app.log"), []byte("of an earlier run\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := logconfig.Read(strings.NewReader(first), &logconfig.Options{OnError: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(t.Context())
	reloads := []struct{ name, doc, fails string }{
		{name: "another format", doc: doc("2 %(message)s", "class: logging.FileHandler, mode: w")},
		{name: "another class", doc: doc("3 %(message)s", "class: logging.handlers.WatchedFileHandler, mode: w")},
		{name: "a handler that does not start", doc: doc("4 %(message)s", "class: logging.FileHandler, mode: w", "  bad: {class: logging.FileHandler, filename: /nowhere/at/all.log}"), fails: "no such file"},
		{name: "only if it is new", doc: doc("4 %(message)s", "class: logging.FileHandler, mode: x, encoding: ascii")},
		{name: "rotation", doc: doc("5 %(message)s", "class: logging.handlers.RotatingFileHandler, mode: w, maxBytes: 10000, backupCount: 2")},
	}
	cfg.Logger("").Info("first")
	for _, r := range reloads {
		err := cfg.ReloadFrom(strings.NewReader(r.doc))
		if (err != nil) != (r.fails != "") || err != nil && !strings.Contains(err.Error(), r.fails) {
			t.Errorf("%s: %v", r.name, err)
		}
		cfg.Logger("").Info(r.name)
	}
	text, err := os.ReadFile(filepath.Join(dir, "app.log"))
	if err != nil {
		t.Fatal(err)
	}
	want := "first\n2 another format\n3 another class\n3 a handler that does not start\n4 only if it is new\n5 rotation\n"
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
