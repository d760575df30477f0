package migration

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/logconfig"
)

const page = "../../docs/migrating-from-python.md"

var fence = regexp.MustCompile("(?s)```(go|yaml)\n(.*?)```")

// The page's YAML is read, its Go is in the examples.
func TestCodeOfThePageIsTested(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("example_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var examples strings.Builder
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		examples.Write(code)
	}
	found := map[string]int{}
	for _, block := range fence.FindAllStringSubmatch(string(text), -1) {
		found[block[1]]++
		if block[1] == "yaml" {
			if err := logconfig.Check(page, []byte(block[2])); err != nil {
				t.Error(err)
			}
		} else if !strings.Contains(unindented(examples.String()), unindented(block[2])) {
			t.Errorf("no example has\n%s", block[2])
		}
	}
	if found["go"] == 0 || found["yaml"] == 0 {
		t.Errorf("blocks found: %v", found)
	}
}

// unindented takes the tabs off the lines: the page has code without that of
// its function.
func unindented(code string) string {
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "\n")
}
