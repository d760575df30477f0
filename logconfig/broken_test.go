package logconfig_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/logconfig"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each file of testdata/broken has the text of its error beside it.
func TestBrokenFilesAreExplained(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := logconfig.Read(strings.NewReader(string(data)), nil)
			if err == nil {
				cfg.Close(t.Context())
				t.Fatal("it was taken")
			}
			got := strings.ReplaceAll(err.Error(), "configuration:", name+":") + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if name != "incremental_first.yaml" { // an error of Load alone
				if err := logconfig.Check(name, data); err == nil || err.Error()+"\n" != got {
					t.Errorf("Check says otherwise: %v", err)
				}
			}
		})
	}
}
