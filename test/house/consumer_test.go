package house

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// This file holds package watchtower to what it brings into a program that
// imports it alone. Nothing here needs a network: what is asked about was
// downloaded to build this test.

// brought are the libraries that package watchtower may use, with all that
// these use. Everything else in a program is the standard library.
var brought = []string{
	"github.com/aws/aws-sdk-go-v2/...",
	"github.com/aws/smithy-go/...",
	"github.com/itchyny/timefmt-go",
	"github.com/klauspost/compress/gzip",
	"github.com/klauspost/compress/flate",
	"github.com/klauspost/compress/internal/...",
}

func TestRootPackageUsesTheSDKAndTwoLibraries(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := goCommand(root, "list", "-mod=readonly", "-deps", "-f={{if not .Standard}}{{.ImportPath}}{{end}}", ".")
		list.Env = append(list.Env, "GOOS="+system)
		used := map[string]bool{}
		for _, path := range strings.Fields(run(t, list)) {
			i := slices.IndexFunc(brought, func(pattern string) bool { return within(path, []string{pattern}) })
			switch {
			case i >= 0:
				used[brought[i]] = true
			case path != module && !strings.HasPrefix(path, module+"/internal/"):
				t.Errorf("with GOOS=%s package watchtower uses %s: let another package import it", system, path)
			}
		}
		for _, pattern := range brought {
			if !used[pattern] {
				t.Errorf("with GOOS=%s package watchtower does not use %s: take it off the list", system, pattern)
			}
		}
	}
}

// required are the modules in the go.mod of a program that imports package
// watchtower alone; those of AWS have many parts.
var required = []string{
	"github.com/aws/aws-sdk-go-v2/...",
	"github.com/aws/smithy-go",
	"github.com/itchyny/timefmt-go",
	"github.com/klauspost/compress",
	module,
}

// summed are the modules that its go.sum has beside these after "go mod tidy",
// which looks at the tests of what a program imports, too: those of the rooms
// behind package watchtower, and of itself. What needs the local server is tested
// in test/delivery, or its database would stand here. They are in no program.
var summed = []string{
	"github.com/google/go-cmp",
	"go.uber.org/goleak",
}

const program = `package main

import (
	"context"
	"log/slog"

	"` + module + `"
)

func main() {
	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		panic(err)
	}
	slog.New(h).Info("started")
	h.Close(context.Background())
}
`

func TestConsumerOfTheRootPackageRequiresNothingElse(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "main.go", program)
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "go.mod", "module example.com/consumer\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+here+"\n")
	// The sums of all that this module requires; tidy leaves those in that count.
	write(t, dir, "go.sum", read(t, root, "go.sum"))
	run(t, goCommand(dir, "mod", "tidy"))

	mod, sum := read(t, dir, "go.mod"), read(t, dir, "go.sum")
	t.Logf("the go.mod of a program that imports package watchtower alone:\n%s", mod)
	if diff := cmp.Diff(required, modules(regexp.MustCompile(`(?m)^(?:\t|require )([a-z]\S+) v`), mod)); diff != "" {
		t.Errorf("modules in go.mod (-want +got):\n%s", diff)
	}
	want := slices.Concat(required[:len(required)-1], summed) // a replaced module has no sum
	slices.Sort(want)
	if diff := cmp.Diff(want, modules(regexp.MustCompile(`(?m)^(\S+) `), sum)); diff != "" {
		t.Errorf("modules in go.sum (-want +got):\n%s", diff)
	}

	inProgram := run(t, goCommand(dir, "list", "-deps", "-f={{with .Module}}{{.Path}}\n{{end}}", "."))
	want = append(slices.Clone(required), "example.com/consumer")
	slices.Sort(want)
	if diff := cmp.Diff(want, modules(regexp.MustCompile(`(?m)^(\S+)$`), inProgram)); diff != "" {
		t.Errorf("modules in the program (-want +got):\n%s", diff)
	}
}

// modules returns what the first group of the pattern finds, sorted, the parts
// of the AWS SDK as one.
func modules(pattern *regexp.Regexp, text string) (found []string) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		path := match[1]
		if within(path, []string{"github.com/aws/aws-sdk-go-v2/..."}) {
			path = "github.com/aws/aws-sdk-go-v2/..."
		}
		found = append(found, path)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// goCommand is the go command in a folder, without a network, and free to
// write the go.mod of that folder.
func goCommand(dir string, args ...string) *exec.Cmd {
	command := exec.Command("go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off", "GOTOOLCHAIN=local")
	return command
}

func run(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	var failure bytes.Buffer
	command.Stderr = &failure
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, failure.Bytes())
	}
	return string(output)
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
