package term

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A Progress is one line at the bottom of a terminal that says how far a long
// read or write has come. It draws nothing in the first second, so that quick
// work leaves no flicker, and nothing at all where there is no terminal.
// It starts no goroutine: each Show may redraw the line.
type Progress struct {
	w       io.Writer // nil where nobody watches
	width   func() int
	unit    string
	start   time.Time
	drawn   time.Time // when the line was last drawn
	columns int       // what of the line is on the terminal now
}

const (
	// progressDelay is how long work may take before it shows progress.
	progressDelay = time.Second
	// progressPause is the least time between two drawings.
	progressPause = 100 * time.Millisecond
)

// Progress starts a progress line that counts things of a unit ("event").
func (s *Screen) Progress(unit string) *Progress {
	p := &Progress{width: s.Width, unit: unit, start: time.Now()}
	if s.terminal {
		p.w = s
	}
	return p
}

// Show tells that n things are done, and a note such as the time reached.
func (p *Progress) Show(n int64, note string) {
	now := time.Now()
	since := now.Sub(p.start)
	if p.w == nil || since < progressDelay || now.Sub(p.drawn) < progressPause {
		return
	}
	line := fmt.Sprintf("%s  %s/s", Plural(n, p.unit), Count(int64(float64(n)/since.Seconds())))
	if note != "" {
		line += "  " + note
	}
	// The last column stays free: a terminal would wrap the line there.
	line = Cut(line, p.width()-1)
	columns := Columns(line)
	fmt.Fprintf(p.w, "\r%s%s", line, strings.Repeat(" ", max(0, p.columns-columns)))
	p.drawn, p.columns = now, columns
}

// Clear takes the line away, before other output and at the end.
func (p *Progress) Clear() {
	if p.w == nil || p.columns == 0 {
		return
	}
	fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.columns))
	// The next Show may draw at once: a page of output should not end the line.
	p.columns, p.drawn = 0, time.Time{}
}
