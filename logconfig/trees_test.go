package logconfig_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/logconfig"
)

// Random configurations, some of them changed by an incremental document: every
// logger writes at every level what it writes in Python, which testdata/trees/trees.py
// has asked.
func TestRandomTreesAreThoseOfPython(t *testing.T) {
	var python struct {
		Loggers []string
		Levels  []int
		Cases   []struct {
			Documents []json.RawMessage
			Written   []struct{ Stdout, Stderr string }
		}
	}
	data, err := os.ReadFile("testdata/trees/trees.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &python); err != nil {
		t.Fatal(err)
	}
	levels := map[int]slog.Level{10: -4, 15: -2, 20: 0, 25: 2, 30: 4, 35: 6, 40: 8, 50: 12}
	steps := 0
	for n, c := range python.Cases {
		out := &screen{}
		var cfg *logconfig.Config
		for i, doc := range c.Documents {
			if i == 0 {
				cfg, err = logconfig.Read(strings.NewReader(string(doc)), &logconfig.Options{Stdout: out})
			} else {
				err = cfg.ReloadFrom(strings.NewReader(string(doc)))
			}
			if err != nil {
				t.Fatalf("case %d: %v", n, err)
			}
			stderr := lastResort(t, func() {
				for _, name := range python.Loggers {
					for _, level := range python.Levels {
						cfg.Logger(name).Log(t.Context(), levels[level], fmt.Sprint(name, " ", level))
					}
				}
			})
			steps++
			want := c.Written[i].Stdout + "last resort:\n" + c.Written[i].Stderr
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(out.take()+"last resort:\n"+stderr, "\n")); diff != "" {
				t.Errorf("case %d, document %d: -Python +got:\n%s", n, i, diff)
			}
		}
		if err := cfg.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if len(python.Cases) < 40 || steps < 50 {
		t.Errorf("%d cases, %d documents", len(python.Cases), steps)
	}
}

// lastResort is what comes to standard error while f logs.
func lastResort(t *testing.T, f func()) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stderr
	os.Stderr = file
	f()
	os.Stderr = before
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
