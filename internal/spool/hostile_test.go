package spool

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// plant makes a subfolder as if a process had left it.
func plant(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "01a1faf48dd7-b28c5e5a54fd4c50")
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, lockName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// In a SpoolDir that others can write to, such as one below /tmp, somebody may
// leave a link to a file of ours. Cutting off its "damaged tail" destroys it.
func TestASegmentThatIsALinkIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(t.TempDir(), "precious")
	text := strings.Repeat("what somebody needs ", 10)
	if err := os.WriteFile(precious, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, filepath.Join(plant(t, dir), "00000001-a5961102.seg")); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Dir: dir, Report: func(error) {}})
	s.Adopt()
	if b, _ := os.ReadFile(precious); string(b) != text {
		t.Errorf("a file outside of the spool has %d bytes left of %d", len(b), len(text))
	}
}

// What is wrong with one subfolder does not end a walk: see Walk.
func TestWalkGoesOnBehindAFolderThatCannotBeListed(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, "a", "b")
	if err := os.WriteFile(filepath.Join(dir, "01a1faf48dd7-b28c5e5a54fd4c50"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := Walk(dir, func(e cwl.Event, _ Place) error {
		got = append(got, string(e.Fragment))
		return nil
	})
	if err == nil {
		t.Error("the folder that could not be listed was not told")
	}
	wantTexts(t, got, "a", "b")
}
