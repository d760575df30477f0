package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower"
)

// docs/failures.md explains every text that tells a user of a failure. These
// tests read the texts out of the code: a new one without a row fails.

// speaking are the packages whose errors users see.
var speaking = []string{
	".", "internal/engine", "internal/deliver", "internal/spool", "internal/queue", "internal/batch", "internal/ledger",
	"internal/encode", "internal/streamname", "internal/meta", "internal/strftime", "internal/entity", "internal/cwl", "bridge/watchotel", "bridge/watchlambda",
	"bridge/watchzap", "bridge/watchzerolog", "bridge/watchlogrus", "cmd/watchtower",
}

// aside are texts that are no failures of the user's program.
var aside = []string{
	"what is read back is not what was delivered", // the demo's own checks,
	"an event of", "a message that is not JSON", "of worker", // of its reading,
	"timeout", "db:", // and what goes wrong in its play
}

func TestEveryFailureTextIsExplained(t *testing.T) {
	page := failuresPage(t)
	found := 0
	for _, f := range failureTexts(t) {
		found++
		piece := longestPiece(f.text)
		if !explained(piece) || slices.ContainsFunc(aside, func(a string) bool { return strings.Contains(f.text, a) }) {
			continue
		}
		if !strings.Contains(page, piece) {
			t.Errorf("%s: docs/failures.md does not have %q, of %q", f.where, piece, f.text)
		}
	}
	if found < 100 {
		t.Errorf("only %d texts found", found)
	}
}

func TestEveryReasonAndKindIsExplained(t *testing.T) {
	page := failuresPage(t)
	names := regexp.MustCompile(`(?m)^\s+(Reason\w+)\s+= "([^"]+)"`).FindAllStringSubmatch(source(t, "stats.go"), -1)
	if len(names) < 11 {
		t.Errorf("%d reasons found", len(names))
	}
	for _, n := range names {
		if row := "| `" + n[2] + "` (`" + n[1] + "`) |"; !strings.Contains(page, row) {
			t.Errorf("docs/failures.md has no row %s", row)
		}
	}
	kinds := regexp.MustCompile(`(?m)^\s+\w+:\s+"([^"]+)",`).FindAllStringSubmatch(source(t, "internal/deliver/kind.go"), -1)
	if len(kinds) < 15 {
		t.Errorf("%d kinds found", len(kinds))
	}
	for _, k := range kinds {
		public := regexp.MustCompile(`(?m)^\s+(Kind\w+)\s+= "` + k[1] + `"`).FindStringSubmatch(source(t, "failure.go"))
		if public == nil {
			t.Errorf("failure.go has no constant for the kind %q", k[1])
		} else if row := "| `(" + k[1] + ")` `" + public[1] + "` |"; !strings.Contains(page, row) {
			t.Errorf("docs/failures.md has no row %s", row)
		}
	}
}

// A program can tell failures apart by what the page names, and by no more than
// the package has.
func TestPageNamesThePublicErrorsAndNoOthers(t *testing.T) {
	page := failuresPage(t)
	names := errorNames(t)
	if len(names) < 35 {
		t.Errorf("only %d names found: %q", len(names), names)
	}
	for _, name := range names {
		if !strings.Contains(page, "`"+name+"`") && !strings.Contains(page, "`*"+name+"`") {
			t.Errorf("docs/failures.md does not name %s", name)
		}
	}
	for _, name := range regexp.MustCompile("`[*]?("+errorName+")`").FindAllStringSubmatch(page, -1) {
		if name[1] != "OnError" && !slices.Contains(names, name[1]) {
			t.Errorf("docs/failures.md names %s, which the package does not have", name[1])
		}
	}
}

func TestEveryOptionThatNewRefusesIsExplained(t *testing.T) {
	page, checks := failuresPage(t), source(t, "defaults.go")+source(t, "handler.go")
	found := 0
	for field := range reflect.TypeFor[watchtower.Options]().Fields() {
		if strings.Contains(checks, `"`+field.Name+`"`) || strings.Contains(checks, "option "+field.Name+":") {
			found++
			if !strings.Contains(page, "`option "+field.Name+": ") {
				t.Errorf("docs/failures.md has no text that begins with \"option %s: \"", field.Name)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d options found", found)
	}
}

// A failureText is a format, or a constant, that an error is made of.
type failureText struct{ where, text string }

// failureTexts finds what errors.New and fmt.Errorf are given, what the methods
// Error return, and what goes to standard error.
func failureTexts(t *testing.T) (all []failureText) {
	t.Helper()
	eachFile(t, speaking, func(set *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			args := call.Args
			switch name := calledName(call); name {
			case "errors.New", "fmt.Errorf", "fmt.Sprintf", "wrong":
				// Sprintf makes the text of types, and other texts too: those
				// that errors show are in methods Error.
				if name == "fmt.Sprintf" && !inError(file, call) {
					return true
				}
				if name == "wrong" {
					args = args[1:]
				}
			case "fmt.Fprintf":
				if calledOn(call.Args[0]) != "os.Stderr" {
					return true
				}
				args = args[1:]
			default:
				return true
			}
			if text := constantText(args[0]); text != "" {
				all = append(all, failureText{set.Position(call.Pos()).String(), text})
			}
			return true
		})
	})
	return all
}

// eachFile parses the files of packages, without tests.
func eachFile(t *testing.T, packages []string, f func(*token.FileSet, *ast.File)) {
	t.Helper()
	set := token.NewFileSet()
	for _, dir := range packages {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files, %v", dir, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			f(set, file)
		}
	}
}

// inError reports whether a call stands in a method Error.
func inError(file *ast.File, call *ast.CallExpr) bool {
	return slices.ContainsFunc(file.Decls, func(d ast.Decl) bool {
		method, ok := d.(*ast.FuncDecl)
		return ok && method.Recv != nil && method.Name.Name == "Error" && method.Pos() < call.Pos() && call.End() <= method.End()
	})
}

func calledName(call *ast.CallExpr) string { return calledOn(call.Fun) }

// calledOn writes a name, or a package and a name.
func calledOn(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return calledOn(e.X) + "." + e.Sel.Name
	}
	return ""
}

// constantText is the text of a literal, or of a sum that has literals in it:
// what stands between them is a verb.
func constantText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	case *ast.BinaryExpr:
		return constantText(e.X) + constantText(e.Y)
	case *ast.Ident:
		return "%s"
	}
	return ""
}

var verb = regexp.MustCompile(`%[-+# 0]*[\d.]*(?:\[\d+\])?[a-zA-Z]`)

// longestPiece is the longest part of a format that is the same in every text.
func longestPiece(format string) string {
	longest := ""
	for _, piece := range verb.Split(strings.TrimPrefix(format, "watchtower: "), -1) {
		piece = strings.ReplaceAll(strings.TrimSpace(piece), "%%", "%")
		if len(piece) > len(longest) {
			longest = piece
		}
	}
	return longest
}

// explained tells texts from what only joins them.
func explained(piece string) bool { return len(strings.Trim(piece, ` :;,."'()/`)) >= 5 }

// errorName is how the types and variables are called that are errors, and the
// constants that tell them apart.
const errorName = `[A-Z]\w*Error|Err[A-Z]\w*|(?:Kind|Reason)[A-Z]\w*`

// errorNames are those of the package itself.
func errorNames(t *testing.T) (names []string) {
	t.Helper()
	is := regexp.MustCompile("^(" + errorName + ")$")
	eachFile(t, []string{"."}, func(_ *token.FileSet, file *ast.File) {
		for _, d := range file.Decls {
			general, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range general.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					names = append(names, spec.Name.Name)
				case *ast.ValueSpec:
					for _, n := range spec.Names {
						names = append(names, n.Name)
					}
				}
			}
		}
	})
	names = slices.DeleteFunc(names, func(n string) bool { return !is.MatchString(n) })
	slices.Sort(names)
	return slices.Compact(names)
}

func failuresPage(t *testing.T) string { t.Helper(); return source(t, "docs/failures.md") }

func source(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
