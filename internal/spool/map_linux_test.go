package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Memory of a file that was cut is answered with a signal that ends the program,
// unless it is expected. What was in the file is lost, and no more than that.
func TestAFileThatIsCutUnderItsReserveCostsWhatWasCut(t *testing.T) {
	var told []string
	s := open(t, Options{Dir: t.TempDir(), eager: true, Report: func(err error) { told = append(told, err.Error()) }})
	fill(t, s, "a", 100_000) // more than a page
	paths, _ := filepath.Glob(filepath.Join(s.Path(), "*"+segmentEnding))
	if err := os.Truncate(paths[0], headerBytes); err != nil {
		t.Fatal(err)
	}
	if !isReserved(s) {
		t.Fatal("there is no reserve")
	}
	want := fill(t, s, "b", 2000)
	wantTexts(t, readAllEvents(t, s).texts, want...)
	all := strings.Join(told, "\n")
	for _, part := range []string{"no page for it: somebody has cut it", fmt.Sprintf("from byte %d", headerBytes)} {
		if !strings.Contains(all, part) {
			t.Errorf("nobody is told %q, but %q", part, all)
		}
	}
	fill(t, s, "c", 2000)
	if !isReserved(s) {
		t.Error("there is no reserve any more")
	}
}

// It is told why a file cannot be mapped.
func TestWhatCannotBeMappedSaysWhy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, make([]byte, 100), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := disk{}.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.(Mapper).Map(0, 100); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}
