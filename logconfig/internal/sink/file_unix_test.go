//go:build unix

package sink

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWatchedFollowsAFileThatWasMoved(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "app.log")
	for _, watched := range []bool{true, false} {
		s, err := File(FileOptions{Filename: path, Watched: watched})
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, "one")
		if err := os.Rename(path, path+".old"); err != nil {
			t.Fatal(err)
		}
		write(t, s, "two", "three")
		want := map[string]string{"app.log": "two\nthree\n", "app.log.old": "one\n"}
		if !watched {
			want = map[string]string{"app.log.old": "one\ntwo\nthree\n"}
		}
		if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
			t.Errorf("watched %v (-want +got):\n%s", watched, diff)
		}
		shut(t, s)
		_ = os.Remove(path)
	}
}

// logrotate with "create" puts an empty file in the place.
func TestWatchedFollowsAFileThatWasReplaced(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "app.log")
	s, err := File(FileOptions{Filename: path, Watched: true})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, "one")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, folder, map[string]string{"app.log": ""})
	write(t, s, "two")
	shut(t, s)
	if diff := cmp.Diff(map[string]string{"app.log": "two\n", "app.log.1": "one\n"}, contents(t, folder)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
