package sink

import (
	"encoding/json"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the test, on a machine without any

	"github.com/google/go-cmp/cmp"
)

// python is testdata/sinks.json, which testdata/sinks.py wrote.
type python struct {
	Rotations []struct {
		MaxBytes      int64
		BackupCount   int
		Mode          string
		Delay         bool
		Before, After map[string]string
		Lines         []string
	}
	Schedules []struct {
		When     string
		Interval int
		UTC      bool
		AtTime   int // seconds
		Zone     string
		Steps    []struct {
			Now  int64
			Name string // of the older file; "" for the first step
			Due  int64
		}
	}
	Syslogs []struct {
		Level    int
		Facility string
		Ident    string
		NoNUL    bool
		Message  string
	}
}

func readPython(t *testing.T) (p python) {
	t.Helper()
	text, err := os.ReadFile("testdata/sinks.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// contents are the files of a folder.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

func writeFiles(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, s Sink, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if err := s.Write(slog.LevelInfo, time.Now(), []byte(l)); err != nil {
			t.Fatalf("write %q: %v", l, err)
		}
	}
}

func shut(t *testing.T, s Sink) {
	t.Helper()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Write(slog.LevelInfo, time.Now(), []byte("late")); err != ErrClosed {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
}

func TestRotatingLeavesTheFilesThatPythonLeaves(t *testing.T) {
	p := readPython(t)
	for i, c := range p.Rotations {
		folder := t.TempDir()
		writeFiles(t, folder, c.Before)
		s, err := Rotating(RotatingOptions{
			Filename: filepath.Join(folder, "app.log"), Mode: c.Mode, MaxBytes: c.MaxBytes, BackupCount: c.BackupCount, Delay: c.Delay,
		})
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, c.Lines...)
		shut(t, s)
		if diff := cmp.Diff(c.After, contents(t, folder)); diff != "" {
			t.Errorf("case %d, maxBytes %d, backupCount %d (-Python +got):\n%s", i, c.MaxBytes, c.BackupCount, diff)
		}
	}
	if len(p.Rotations) < 15 {
		t.Errorf("%d cases were compared", len(p.Rotations))
	}
}

func TestSchedulesAreThoseOfPython(t *testing.T) {
	p := readPython(t)
	rotations := 0
	for _, c := range p.Schedules {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if c.UTC {
			zone = time.UTC
		}
		s, err := newSchedule(TimedOptions{When: c.When, Interval: c.Interval, AtTime: time.Duration(c.AtTime) * time.Second}, zone)
		if err != nil {
			t.Fatal(err)
		}
		due := int64(0)
		for _, step := range c.Steps {
			name := ""
			if due != 0 {
				name = s.name(due, step.Now)
				rotations++
			}
			due = s.next(step.Now)
			if name != step.Name || due != step.Due {
				t.Errorf("%s, interval %d, at %d s, in %v, at %d:\n   got %q, then %d\nPython %q, then %d",
					c.When, c.Interval, c.AtTime, zone, step.Now, name, due, step.Name, step.Due)
			}
			if name != "" && !s.matches(name) {
				t.Errorf("%q is not known as a suffix of %s", name, c.When)
			}
			due = step.Due
		}
	}
	if rotations < 1000 {
		t.Errorf("%d rotations were compared, want 1000 at least", rotations)
	}
}

func TestSyslogSendsWhatPythonSends(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	_ = server.SetReadDeadline(time.Now().Add(10 * time.Second))
	levels := map[int]slog.Level{10: -4, 20: 0, 25: 2, 30: 4, 35: 6, 40: 8, 50: 12, 55: 14}
	seen := map[string]bool{}
	for _, c := range readPython(t).Syslogs {
		s, err := Syslog(SyslogOptions{Address: server.LocalAddr().String(), Facility: c.Facility, Ident: c.Ident, NoNUL: c.NoNUL, Timeout: 10 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		level, ok := levels[c.Level]
		if !ok {
			t.Fatalf("no level for %d", c.Level)
		}
		if err := s.Write(level, time.Now(), []byte("größe\ttwo\nlines")); err != nil {
			t.Fatal(err)
		}
		var buf [1000]byte
		n, _, err := server.ReadFrom(buf[:])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.Message, string(buf[:n])); diff != "" {
			t.Errorf("level %d, facility %s (-Python +got):\n%s", c.Level, c.Facility, diff)
		}
		seen[c.Facility] = true
		shut(t, s)
	}
	for name := range maps.Keys(facilities) {
		if !seen[name] {
			t.Errorf("facility %s was not compared", name)
		}
	}
}
