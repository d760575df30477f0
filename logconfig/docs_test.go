package logconfig_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/logconfig"
)

// The page's YAML is read, its Go is in the examples.
func TestCodeOfThePageIsTested(t *testing.T) {
	examples, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"../docs/configuration.md", "../README.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, block := range regexp.MustCompile("(?s)```(go|yaml)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			if block[1] == "yaml" {
				found++
				if err := logconfig.Check(page, []byte(block[2])); err != nil {
					t.Error(err)
				}
				continue
			}
			if strings.Contains(block[2], "package main") || !strings.Contains(block[2], "logconfig") {
				continue // examples of others
			}
			found++
			if indented := "\t" + strings.ReplaceAll(strings.TrimSuffix(block[2], "\n"), "\n", "\n\t"); !strings.Contains(string(examples), strings.ReplaceAll(indented, "\n\t\n", "\n\n")) {
				t.Errorf("%s: no example has\n%s", page, block[2])
			}
		}
		if found == 0 {
			t.Errorf("%s has no code", page)
		}
	}
}
