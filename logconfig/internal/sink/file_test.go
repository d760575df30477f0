package sink

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStreamWritesEachLineAtOnce(t *testing.T) {
	var got writes
	s := Stream(&got)
	write(t, s, "one", "", "two\nlines", strings.Repeat("x", maxKept+1), "after")
	shut(t, s)
	want := writes{"one\n", "\n", "two\nlines\n", strings.Repeat("x", maxKept+1) + "\n", "after\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

func TestStreamReturnsTheWritersError(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	s := Stream(w)
	_ = w.Close()
	if err := s.Write(slog.LevelInfo, time.Now(), []byte("x")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestNullTakesEverything(t *testing.T) {
	s := Null()
	write(t, s, "x")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestFileAppendsOrBeginsAnew(t *testing.T) {
	for mode, want := range map[string]string{"": "old\nnew\n", "a": "old\nnew\n", "w": "new\n"} {
		folder := t.TempDir()
		writeFiles(t, folder, map[string]string{"app.log": "old\n"})
		s, err := File(FileOptions{Filename: filepath.Join(folder, "app.log"), Mode: mode, Encoding: "UTF-8"})
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, "new")
		shut(t, s)
		if diff := cmp.Diff(map[string]string{"app.log": want}, contents(t, folder)); diff != "" {
			t.Errorf("mode %q (-want +got):\n%s", mode, diff)
		}
	}
}

func TestDelayOpensTheFileAtTheFirstLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.log")
	s, err := File(FileOptions{Filename: path, Delay: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before the first line: %v", err)
	}
	write(t, s, "one")
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	shut(t, s)
}

func TestRelativePathsAreResolvedOnce(t *testing.T) {
	here, there := t.TempDir(), t.TempDir()
	t.Chdir(here)
	s, err := File(FileOptions{Filename: "app.log", Delay: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(there)
	write(t, s, "one")
	shut(t, s)
	if diff := cmp.Diff(map[string]string{"app.log": "one\n"}, contents(t, here)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOptionsThatCannotWorkAreErrors(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "app.log")
	file := func(o FileOptions) error { return second(File(o)) }
	cases := []struct {
		want string
		err  error
	}{
		{"filename: it is empty: name the file to write", file(FileOptions{})},
		{`mode "r": it is a to append, w to begin anew, or x for a file that does not exist yet`, file(FileOptions{Filename: path, Mode: "r"})},
		{`encoding "utf-16": lines are written in utf-8, latin-1 or ascii`, file(FileOptions{Filename: path, Encoding: "utf-16"})},
		{`errors "loud": it is strict, backslashreplace, replace, ignore or xmlcharrefreplace`, file(FileOptions{Filename: path, Errors: "loud"})},
		{"maxBytes -1: it is below 0: write 0 for a file without a limit", second(Rotating(RotatingOptions{Filename: path, MaxBytes: -1}))},
		{"backupCount -1: it is below 0", second(Rotating(RotatingOptions{Filename: path, BackupCount: -1}))},
		{"backupCount -1: it is below 0", second(TimedRotating(TimedOptions{Filename: path, BackupCount: -1}))},
		{`when "W7": it is S, M, H, D, midnight, or W0 (Monday) to W6 (Sunday)`, second(TimedRotating(TimedOptions{Filename: path, When: "W7"}))},
		{"interval -1: it is below 0", second(TimedRotating(TimedOptions{Filename: path, Interval: -1}))},
		{"atTime 24h0m0s: it is a time of day, below 24h", second(TimedRotating(TimedOptions{Filename: path, AtTime: 24 * time.Hour}))},
		{`facility "lokal0": it is a number from 0 to 23, or one of auth, authpriv`, second(Syslog(SyslogOptions{Facility: "lokal0"}))},
		{`facility "24": it is a number from 0 to 23`, second(Syslog(SyslogOptions{Facility: "24"}))},
		{`socktype "raw": it is udp or tcp, or for a Unix socket dgram or stream`, second(Syslog(SyslogOptions{SockType: "raw"}))},
		{`address ":514": write host:port`, second(Syslog(SyslogOptions{Address: ":514"}))},
		{`address "a:b:c": write host:port`, second(Syslog(SyslogOptions{Address: "a:b:c"}))},
		{`address "host:syslog": a port is a number from 1 to 65535`, second(Syslog(SyslogOptions{Address: "host:syslog"}))},
	}
	for _, c := range cases {
		if c.err == nil || !strings.HasPrefix(c.err.Error(), c.want) {
			t.Errorf("got %v, want %s", c.err, c.want)
		}
	}
	if files := contents(t, folder); len(files) > 0 {
		t.Errorf("files were made: %v", files)
	}
}

// second is the error; beside one there must be no sink.
func second(s Sink, err error) error {
	if err != nil && s != nil {
		return errors.New("a sink beside the error " + err.Error())
	}
	return err
}

func TestFilesThatCannotBeOpenedAreErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no", "app.log")
	if _, err := File(FileOptions{Filename: path}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("at once: %v", err)
	}
	for name, s := range map[string]Sink{
		"file":     first(File(FileOptions{Filename: path, Delay: true})),
		"rotating": first(Rotating(RotatingOptions{Filename: path, Delay: true, MaxBytes: 1, BackupCount: 1})),
		"timed":    first(TimedRotating(TimedOptions{Filename: path, Delay: true})),
	} {
		if err := s.Write(slog.LevelInfo, time.Now(), []byte("x")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s, with delay: %v", name, err)
		}
	}
}

func first(s Sink, err error) Sink {
	if err != nil {
		panic(err)
	}
	return s
}

func TestSinksMayBeSharedByGoroutines(t *testing.T) {
	folder := t.TempDir()
	var buf bytes.Buffer
	sinks := []Sink{
		Stream(&buf),
		first(File(FileOptions{Filename: filepath.Join(folder, "file"), Watched: true})),
		first(Rotating(RotatingOptions{Filename: filepath.Join(folder, "rotating"), MaxBytes: 1000, BackupCount: 100})),
		first(TimedRotating(TimedOptions{Filename: filepath.Join(folder, "timed")})),
	}
	const writers, each = 4, 50
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				for _, s := range sinks {
					if err := s.Write(slog.LevelInfo, time.Now(), []byte("a line of text")); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	files := contents(t, folder)
	files["stream"] = buf.String()
	lines := map[string]int{}
	for name, text := range files {
		kind, _, _ := strings.Cut(name, ".")
		lines[kind] += strings.Count(text, "a line of text\n")
	}
	for _, s := range sinks {
		shut(t, s)
	}
	want := map[string]int{"stream": writers * each, "file": writers * each, "rotating": writers * each, "timed": writers * each}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
