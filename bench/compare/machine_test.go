package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folderOf is one with a performance.md and a machine's results of a part.
func folderOf(t *testing.T, m machine) string {
	t.Helper()
	dir := t.TempDir()
	page, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	r := noResults()
	r.Machine = m
	r.Runs["serial"] = map[string][]*outcome{"slog": {{}}}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "performance"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"performance.md": page, "performance/results.json": text} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAnUpdateOfTheSoftwareMakesNoOtherMachine(t *testing.T) {
	here := thisMachine()
	platform, _, _ := strings.Cut(here.System, ", ")
	for _, system := range []string{here.System, platform, platform + ", Linux 1.2.3"} {
		old := here
		old.Day, old.System, old.Go = "2001-01-01", system, "go1.0"
		r, err := earlier(folderOf(t, old), false)
		if err != nil {
			t.Errorf("%s: %v", system, err)
			continue
		}
		if len(r.Runs) != 1 || r.Machine != here {
			t.Errorf("%s: %d parts are left, of %+v", system, len(r.Runs), r.Machine)
		}
		if got, want := r.unusual("serial"), " From an earlier run, with "+old.software()+"."; got != want {
			t.Errorf("%s: got %q, want %q", system, got, want)
		}
	}
}

func TestResultsOfAnotherMachineAreGivenUpOnlyWhenAskedFor(t *testing.T) {
	other := thisMachine()
	other.CPU = "Another(R) Processor"
	dir := folderOf(t, other)
	err := run(t.Context(), []string{"-list", "-out", dir})
	if err == nil || !strings.Contains(err.Error(), other.name()) || !strings.Contains(err.Error(), thisMachine().name()) || !strings.Contains(err.Error(), "-fresh") {
		t.Errorf("another machine: %v", err)
	}
	if err := run(t.Context(), []string{"-list", "-fresh", "-only", "serial", "-out", dir}); err != nil {
		t.Error(err)
	}
	if r, err := earlier(dir, true); err != nil || len(r.Runs) != 0 {
		t.Errorf("-fresh has %d parts left, %v", len(r.Runs), err)
	}
}

func TestWhatCannotBeWrittenIsSaidBeforeItIsMeasured(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // or it would measure
	empty := t.TempDir()
	markless := t.TempDir()
	if err := os.WriteFile(filepath.Join(markless, "performance.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"-out wants the folder of performance.md": {"-out", empty},
		"performance.md: ":                        {"-out", filepath.Join(empty, "absent")},
		`performance.md has no "<!-- compare`:     {"-out", markless},
		"-rounds is for measuring":                {"-from", "x", "-rounds", "3"},
		"-peer is for measuring":                  {"-from", "x", "-peer", "sdk"},
		"-fresh gives up what -out has":           {"-fresh"},
	} {
		if err := run(ctx, args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
