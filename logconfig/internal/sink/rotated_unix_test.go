//go:build unix

package sink

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What another process has rotated meanwhile is not rotated once more.
func TestFileThatSomebodyElseRotatedIsOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.log")
	s, err := Rotating(RotatingOptions{Filename: path, MaxBytes: 10, BackupCount: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(line string) {
		t.Helper()
		if err := s.Write(slog.LevelInfo, time.Time{}, []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	write("123456789")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	write("y")
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "x\ny\n" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := os.Stat(path + ".2"); err == nil {
		t.Error("it was rotated twice")
	}
}
