// Package term knows what the end of an output stream can do: whether it is a
// terminal, how wide it is, whether it shows colour. Everything that the
// command line draws (colour, tables, a progress line) is drawn here, so that
// output into a file or a pipe is plain text without any of it.
package term

import (
	"os"
	"runtime"

	"golang.org/x/term"
)

// A Screen is an output stream that may end at a terminal. It is not safe for
// use by several goroutines at the same time.
type Screen struct {
	f        *os.File
	terminal bool
	colour   bool
}

// NewScreen looks at f and the environment once.
func NewScreen(f *os.File) *Screen {
	terminal := term.IsTerminal(int(f.Fd()))
	return &Screen{f: f, terminal: terminal, colour: wantsColour(terminal, runtime.GOOS, os.Getenv)}
}

// wantsColour follows the conventions at no-color.org and of FORCE_COLOR. The
// consoles of Windows that understand escape sequences say so in the
// environment; the others would show them as text.
func wantsColour(terminal bool, goos string, env func(string) string) bool {
	switch {
	case env("NO_COLOR") != "":
		return false
	case env("FORCE_COLOR") != "" && env("FORCE_COLOR") != "0":
		return true
	case !terminal || env("TERM") == "dumb":
		return false
	case goos == "windows":
		return env("WT_SESSION") != "" || env("TERM") != "" || env("ConEmuANSI") == "ON"
	}
	return true
}

// Write writes p unchanged.
func (s *Screen) Write(p []byte) (int, error) { return s.f.Write(p) }

// IsTerminal tells whether somebody may be watching.
func (s *Screen) IsTerminal() bool { return s.terminal }

// defaultWidth is the width of output that nobody's window limits.
const defaultWidth = 80

// Width is the number of columns, asked anew each time because windows are
// resized; 80 where there is no terminal.
func (s *Screen) Width() int {
	if !s.terminal {
		return defaultWidth
	}
	w, _, err := term.GetSize(int(s.f.Fd()))
	if err != nil || w <= 0 {
		return defaultWidth
	}
	return w
}
