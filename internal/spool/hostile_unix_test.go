//go:build unix

package spool

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A pipe with the name of a file of ours is told, and nobody waits for somebody
// to write into it.
func TestAPipeIsNotWaitedFor(t *testing.T) {
	for _, name := range []string{lockName, "00000001-a5961102.seg", "00000001-a5961102.ack"} {
		dir := t.TempDir()
		path := plant(t, dir)
		if strings.HasSuffix(name, ackEnding) {
			segment := header{version: version, marker: 0xa5961102}.append(nil)
			if err := os.WriteFile(filepath.Join(path, "00000001-a5961102.seg"), segment, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		pipe := filepath.Join(path, name)
		os.Remove(pipe)
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		infos, err := List(dir)
		if err != nil || len(infos) != 1 || len(infos[0].Damage) == 0 || !strings.Contains(infos[0].Damage[0].Error(), "not a regular file") {
			t.Errorf("%s: List: %+v, %v", name, infos, err)
		}
		if err := Walk(dir, func(cwl.Event, Place) error { return nil }); err == nil && name != lockName {
			t.Errorf("%s: Walk: no error", name)
		}
		s := open(t, Options{Dir: dir, Owner: "eu app", Report: func(error) {}})
		if _, _, err := s.Adopt(); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: Adopt: %v", name, err)
		}
		if _, err := os.Lstat(pipe); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A link to the folder of another spool is no subfolder: what is there is not
// ours to deliver and remove.
func TestASubfolderThatIsALinkIsLeftAlone(t *testing.T) {
	other, dir := t.TempDir(), t.TempDir()
	leave(t, other, "a")
	names, err := disk{}.ReadDir(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(other, names[0]), filepath.Join(dir, names[0])); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Dir: dir})
	if n, _, err := s.Adopt(); n != 0 || err == nil {
		t.Errorf("%d records adopted, %v", n, err)
	}
	infos, err := List(dir)
	if err != nil || len(infos) != 2 || infos[0].Events != 0 || len(infos[0].Damage) == 0 {
		t.Errorf("List: %+v, %v", infos, err)
	}
}
