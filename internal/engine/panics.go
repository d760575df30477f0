package engine

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// panics tells on standard error of panics of a function of the user's, which
// are caught. One that goes on is told ever more seldom, as failures are (see
// repeats), with how many there were.
type panics struct {
	name string
	w    io.Writer // standard error, if nil

	mu     sync.Mutex
	seen   repeats
	sum    Repeats
	untold any // the last panic that was not told, or nil
}

// caught counts a panic.
func (p *panics) caught(v any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	sum, tell := p.seen.failed(failureKey{text: p.name}, now, true)
	if !tell {
		p.sum, p.untold = p.seen.trouble(failureKey{text: p.name}, now).Repeats, v
		return
	}
	p.write(v, sum)
}

// last tells how many there were, if that was not told: the program may end.
func (p *panics) last() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.untold != nil {
		p.write(p.untold, p.sum)
	}
}

func (p *panics) write(v any, sum Repeats) {
	p.untold = nil
	w := p.w
	if w == nil {
		w = os.Stderr
	}
	often := ""
	if sum.Failures > 1 {
		often = fmt.Sprintf(" (%d times since %s)", sum.Failures, sum.Since.UTC().Format(time.RFC3339))
	}
	fmt.Fprintf(w, "watchtower: %s panicked: %v%s\n", p.name, v, often)
}
