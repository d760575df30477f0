package sink

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A line is not lost because a file cannot be renamed, and not written over
// others either.
func TestRotationThatFailsLosesNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "app.log")
	s, err := Rotating(RotatingOptions{Filename: path, MaxBytes: 10, BackupCount: 2})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, "line one", "line two", "line three")
	// A folder that is not empty cannot be replaced.
	if err := os.Remove(path + ".2"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path+".2", "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	err = s.Write(slog.LevelInfo, time.Now(), []byte("line four"))
	if err == nil || !strings.HasPrefix(err.Error(), "rotate: ") || !strings.Contains(err.Error(), path+".2") {
		t.Errorf("got %v", err)
	}
	if err := os.RemoveAll(path + ".2"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"app.log": "line three\nline four\n", "app.log.1": "line two\n"}, contents(t, folder)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	write(t, s, "line five")
	shut(t, s)
	want := map[string]string{"app.log": "line five\n", "app.log.1": "line three\nline four\n", "app.log.2": "line two\n"}
	if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTimedRotatesByTheFirstLineAfterTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		// The bubble begins at midnight, 2000-01-01, a Saturday.
		s, err := newTimed(TimedOptions{Filename: filepath.Join(folder, "app.log"), When: "midnight", BackupCount: 2}, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, "day 1")
		time.Sleep(24*time.Hour - time.Second)
		write(t, s, "day 1, 23:59:59")
		time.Sleep(time.Second)
		write(t, s, "day 2")
		time.Sleep(3 * 24 * time.Hour)
		want := map[string]string{"app.log": "day 2\n", "app.log.2000-01-01": "day 1\nday 1, 23:59:59\n"}
		if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
			t.Errorf("before the line (-want +got):\n%s", diff)
		}
		write(t, s, "day 5")
		time.Sleep(24 * time.Hour)
		write(t, s, "day 6")
		shut(t, s)
		want = map[string]string{"app.log": "day 6\n", "app.log.2000-01-02": "day 2\n", "app.log.2000-01-05": "day 5\n"}
		if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestTimedGoesOnFromTheFilesLastChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		path := filepath.Join(folder, "app.log")
		writeFiles(t, folder, map[string]string{
			"app.log": "before\n", "app.log.1999-12-31_20": "old\n", "app.log.1999-12-31_2x": "other\n", "app.log.1": "other\n",
		})
		changed := time.Now().Add(-90 * time.Minute)
		if err := os.Chtimes(path, changed, changed); err != nil {
			t.Fatal(err)
		}
		s, err := newTimed(TimedOptions{Filename: path, BackupCount: 1}, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, "after")
		shut(t, s)
		want := map[string]string{
			"app.log": "after\n", "app.log.1999-12-31_22": "before\n", "app.log.1999-12-31_2x": "other\n", "app.log.1": "other\n",
		}
		if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// The hour from 1 to 2 comes twice when the clocks are put back.
func TestTimedNeverWritesOverAnOlderFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		path := filepath.Join(folder, "app.log")
		s, err := newTimed(TimedOptions{Filename: path, When: "H"}, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, "one")
		writeFiles(t, folder, map[string]string{"app.log.2000-01-01_00": "of another process\n"})
		time.Sleep(time.Hour)
		write(t, s, "two")
		time.Sleep(time.Hour)
		write(t, s, "three")
		shut(t, s)
		want := map[string]string{
			"app.log": "three\n", "app.log.2000-01-01_00": "of another process\n", "app.log.2000-01-01_01": "one\ntwo\n",
		}
		if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestTimedRotationThatFailsIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		s, err := newTimed(TimedOptions{Filename: filepath.Join(folder, "app.log"), When: "S", BackupCount: 1}, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, "one")
		// Pruning meets a folder that cannot be removed.
		inTheWay := filepath.Join(folder, "app.log.1999-01-01_00-00-00")
		if err := os.MkdirAll(filepath.Join(inTheWay, "in the way"), 0o755); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		err = s.Write(slog.LevelInfo, time.Now(), []byte("two"))
		if e, ok := errors.AsType[*os.PathError](err); !ok || e.Path != inTheWay {
			t.Errorf("got %v", err)
		}
		if err := os.RemoveAll(inTheWay); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		write(t, s, "three")
		shut(t, s)
		want := map[string]string{"app.log": "three\n", "app.log.2000-01-01_00-00-01": "two\n"}
		if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}
