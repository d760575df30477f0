package logconfig

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Whatever a document has: the answer is a plan or a list of problems whose
// places are within it.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "testdata/*.json", "testdata/broken/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := readPlan("doc", data)
		if err == nil {
			if p.loggers[""] == nil {
				t.Error("a plan without a root")
			}
			return
		}
		e, ok := errors.AsType[*Error](err)
		if !ok || len(e.Problems) == 0 {
			t.Fatalf("%T: %v", err, err)
		}
		for _, p := range e.Problems {
			if p.Line < 0 || p.Column < 0 || p.Message == "" {
				t.Errorf("%+v", p)
			}
		}
		_ = e.Error()
	})
}
