package sink

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFullDiskIsAnErrorOfWrite(t *testing.T) {
	// By a link: if a device were rotated in error, and by root, the system would
	// be without it.
	full := filepath.Join(t.TempDir(), "full")
	if err := os.Symlink("/dev/full", full); err != nil {
		t.Fatal(err)
	}
	sinks := map[string]Sink{
		"file":     first(File(FileOptions{Filename: full})),
		"watched":  first(File(FileOptions{Filename: full, Watched: true})),
		"rotating": first(Rotating(RotatingOptions{Filename: full, MaxBytes: 1, BackupCount: 1})),
		"timed":    first(TimedRotating(TimedOptions{Filename: full})),
	}
	for name, s := range sinks {
		if err := s.Write(slog.LevelInfo, time.Now(), []byte("x")); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v, want no space left on device", name, err)
		}
		shut(t, s)
	}
}

// The limit of a file's size stands for the end of a disk: a write is cut short
// there.
func TestWhatFollowsATornLineIsALineOfItsOwn(t *testing.T) {
	folder := t.TempDir()
	s, err := File(FileOptions{Filename: filepath.Join(folder, "app.log")})
	if err != nil {
		t.Fatal(err)
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	restore := func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	}
	defer restore()
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 10, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{strings.Repeat("x", 20), "lost"} {
		if err := s.Write(slog.LevelInfo, time.Now(), []byte(line)); !errors.Is(err, syscall.EFBIG) {
			t.Errorf("got %v, want file too large", err)
		}
	}
	restore()
	write(t, s, "one", "two")
	shut(t, s)
	if diff := cmp.Diff(map[string]string{"app.log": "xxxxxxxxxx\none\ntwo\n"}, contents(t, folder)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
