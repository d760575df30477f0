package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A house maps each package to the packages that it imports: ours by their
// short names, foreign ones by their paths.
type house map[string][]string

// withoutRoom lists packages that the table does not know.
func (h house) withoutRoom() (wrong []string) {
	for _, name := range h.names() {
		if _, ok := row(name); !ok {
			wrong = append(wrong, fmt.Sprintf("%s is an unknown package: give it a row in test/house/imports_test.go and a room in docs/architecture.md", name))
		}
	}
	return wrong
}

// outOfRow lists imports of ours that the table does not allow.
func (h house) outOfRow() (wrong []string) {
	for _, name := range h.names() {
		allowed, known := row(name)
		for _, imported := range h[name] {
			if !foreign(imported) && known && !within(imported, allowed) {
				wrong = append(wrong, fmt.Sprintf("%s imports %s, but may only import %q: move what it needs to one of these, or change the plan here and in docs/architecture.md", name, imported, allowed))
			}
		}
	}
	return wrong
}

// pastTheDoor lists imports of foreign libraries from elsewhere.
func (h house) pastTheDoor() (wrong []string) {
	for _, name := range h.names() {
		for _, imported := range h[name] {
			if !foreign(imported) || within(name, []string{"examples/...", "test/..."}) {
				continue
			}
			switch rooms, ok := door(imported); {
			case !ok:
				wrong = append(wrong, fmt.Sprintf("%s imports %s, a library without a door: give it one in test/house/imports_test.go, and say what we would write instead and what it brings along", name, imported))
			case !slices.Contains(rooms, name):
				wrong = append(wrong, fmt.Sprintf("%s imports %s, whose doors are %q: let one of them offer what is needed", name, imported, rooms))
			}
		}
	}
	return wrong
}

// together lists packages that must not know each other and do, through others
// of ours too.
func (h house) together() (wrong []string) {
	apart := func(from string, never ...string) {
		for _, reached := range h.reach(from) {
			if within(reached, never) {
				wrong = append(wrong, fmt.Sprintf("%s reaches %s by its imports and must not", from, reached))
			}
		}
	}
	apart(".", "cwlocal/...")
	apart("cwlocal", ".", "internal/cwl", "github.com/aws/...")
	for _, name := range h.names() {
		apart(name, "cmd/...")
		if strings.HasPrefix(name, "bridge/") {
			apart(name, "bridge/...")
		}
	}
	return wrong
}

// reach returns all that a package imports, itself excluded, directly and
// through packages of ours.
func (h house) reach(from string) []string {
	seen := map[string]bool{}
	todo := slices.Clone(h[from])
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		if !seen[next] {
			seen[next] = true
			todo = append(todo, h[next]...)
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (h house) names() []string { return slices.Sorted(maps.Keys(h)) }

// row returns what the table says about a package.
func row(name string) ([]string, bool) {
	for pattern, allowed := range rooms {
		if within(name, []string{pattern}) {
			return allowed, true
		}
	}
	return nil, false
}

// door returns the packages that may import a foreign one.
func door(imported string) (allowed []string, ok bool) {
	longest := -1
	for library, rooms := range doors {
		if within(imported, []string{library + "/..."}) && len(library) > longest {
			longest, allowed, ok = len(library), rooms, true
		}
	}
	return allowed, ok
}

// within reports whether one of the patterns matches the name.
func within(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		above, tree := strings.CutSuffix(pattern, "/...")
		return name == above || tree && strings.HasPrefix(name, above+"/")
	})
}

// foreign tells libraries from packages of ours: only their paths begin with
// a domain.
func foreign(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return name != "." && strings.Contains(first, ".")
}

// packages returns the house as it stands, which is the same in every test.
func packages(t *testing.T) house {
	t.Helper()
	h, err := asBuilt()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// asBuilt asks the go command once for each system: some files are built on
// one only.
var asBuilt = sync.OnceValues(func() (house, error) {
	systems := []string{"linux", "darwin", "windows"}
	lists := make([][]byte, len(systems))
	errs := make([]error, len(systems))
	var commands sync.WaitGroup
	for i, system := range systems {
		commands.Go(func() {
			// -e also lists packages that don't compile; Imports leaves out
			// what only tests import.
			list := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...")
			list.Dir = root
			list.Env = append(os.Environ(), "GOOS="+system, "GOPROXY=off", "GOWORK=off")
			var failure bytes.Buffer
			list.Stderr = &failure
			var err error
			if lists[i], err = list.Output(); err != nil {
				errs[i] = fmt.Errorf("%v with GOOS=%s: %w\n%s", list, system, err, failure.Bytes())
			}
		})
	}
	commands.Wait()
	h := house{}
	for i, list := range lists {
		errs[i] = errors.Join(errs[i], h.add(list))
	}
	return h, errors.Join(errs...)
})

// add reads the answer of one go list.
func (h house) add(list []byte) error {
	for decoder := json.NewDecoder(bytes.NewReader(list)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("answer of go list: %w", err)
		case strings.Contains(p.ImportPath, "/node_modules/"):
			continue // of the JavaScript client's tests; not in the repository
		}
		name := short(p.ImportPath)
		imports := h[name]
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, module) || foreign(imported) {
				imports = append(imports, short(imported))
			}
		}
		slices.Sort(imports)
		h[name] = slices.Compact(imports)
	}
}

// short takes the module's path off.
func short(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}
