package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The README shows a program; it is one of these, so that it compiles and runs.
func TestReadmeShowsTheSlogExample(t *testing.T) {
	program, err := os.ReadFile("slog/main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(readme(t), "```go\n")
	shown, _, found := strings.Cut(after, "```\n")
	if !found {
		t.Fatal("README.md has no block of Go")
	}
	if diff := cmp.Diff(string(program), shown); diff != "" {
		t.Errorf("the first block of Go in README.md is not examples/slog/main.go (-program +README):\n%s", diff)
	}
}

// A program that no test names is not run by any.
func TestEveryExampleIsRun(t *testing.T) {
	programs, _ := filepath.Glob("*/main.go")
	tests, _ := filepath.Glob("*_test.go")
	var all strings.Builder
	for _, name := range tests {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, program := range programs {
		if name := filepath.Dir(program); !strings.Contains(all.String(), `"`+name+`"`) {
			t.Errorf("%s is not run", program)
		}
	}
	if len(programs) == 0 {
		t.Error("there are no examples")
	}
}

var link = regexp.MustCompile(`\]\(([^)#]+)`)

func TestReadmeLinksLeadSomewhere(t *testing.T) {
	links := link.FindAllStringSubmatch(readme(t), -1)
	if len(links) == 0 {
		t.Error("no links found")
	}
	for _, l := range links {
		if strings.Contains(l[1], "://") {
			continue // beyond this repository
		}
		if _, err := os.Stat(filepath.Join("..", l[1])); err != nil {
			t.Errorf("README.md: %v", err)
		}
	}
}

var loggerRow = regexp.MustCompile("(?m)^\\| [^|]+ \\| `([^`]+)` \\| \\[examples/[a-z]+\\]\\(([^)]+)\\) \\|$")

func TestReadmeShowsALineOfEachLoggersExample(t *testing.T) {
	rows := loggerRow.FindAllStringSubmatch(readme(t), -1)
	if len(rows) != 7 {
		t.Errorf("%d rows of loggers found", len(rows))
	}
	for _, row := range rows {
		program, err := os.ReadFile(filepath.Join("..", row[2]))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(program), "\t"+row[1]) {
			t.Errorf("%s does not have the line %s", row[2], row[1])
		}
	}
}
