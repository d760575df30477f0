package term

import (
	"os"
	"path/filepath"
	"testing"
)

func TestColourFollowsTheConventions(t *testing.T) {
	for _, c := range []struct {
		name     string
		terminal bool
		goos     string
		env      map[string]string
		want     bool
	}{
		{"terminal", true, "linux", nil, true},
		{"pipe", false, "linux", nil, false},
		{"NO_COLOR", true, "linux", map[string]string{"NO_COLOR": "1"}, false},
		{"NO_COLOR beats FORCE_COLOR", true, "linux", map[string]string{"NO_COLOR": "1", "FORCE_COLOR": "1"}, false},
		{"FORCE_COLOR in a pipe", false, "linux", map[string]string{"FORCE_COLOR": "1"}, true},
		{"FORCE_COLOR=0 forces nothing", false, "linux", map[string]string{"FORCE_COLOR": "0"}, false},
		{"dumb terminal", true, "linux", map[string]string{"TERM": "dumb"}, false},
		{"old console", true, "windows", nil, false},
		{"Windows Terminal", true, "windows", map[string]string{"WT_SESSION": "x"}, true},
	} {
		got := wantsColour(c.terminal, c.goos, func(name string) string { return c.env[name] })
		if got != c.want {
			t.Errorf("%s: colour is %t, want %t", c.name, got, c.want)
		}
	}
}

func TestAFileIsNoTerminal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	t.Setenv("FORCE_COLOR", "")
	s := NewScreen(f)
	if s.IsTerminal() || s.Width() != 80 || s.Paint(Red, "text") != "text" {
		t.Errorf("terminal %t, width %d, painted %q", s.IsTerminal(), s.Width(), s.Paint(Red, "text"))
	}
	if _, err := s.Write([]byte("line\n")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(f.Name()); string(got) != "line\n" || err != nil {
		t.Errorf("wrote %q, %v", got, err)
	}
}
