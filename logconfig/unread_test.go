package logconfig

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// What keeps the file from being read may pass without the file changing, as a
// shortage of descriptors does; here it is away between the look and the reading.
func TestFileThatCannotBeReadIsTriedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logging.yaml")
	doc := "version: 1\nhandlers: {null: {class: logging.NullHandler}}\nroot: {level: %s, handlers: ['null']}\n"
	if err := os.WriteFile(path, fmt.Appendf(nil, doc, "ERROR"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told []error
	cfg, err := Load(path, &Options{OnError: func(err error) { told = append(told, err) }})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(t.Context())
	w := &watch{c: cfg, loaded: cfg.state(), last: cfg.state()}
	if err := os.WriteFile(path, fmt.Appendf(nil, doc, "DEBUG"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.look()
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	w.reload(w.last)
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	w.look()
	if !cfg.Logger("").Enabled(t.Context(), slog.LevelDebug) || len(told) != 1 {
		t.Errorf("it was not read again; told: %v", told)
	}
}
