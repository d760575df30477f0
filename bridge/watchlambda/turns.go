package watchlambda

import (
	"sync"
	"time"
)

// A turn is one invocation as its two sides see it: the handler, which comes
// from the Runtime API, and the extension, which hears of it at the Extensions
// API. Either may be first.
type turn struct {
	id       string
	ended    chan struct{} // closed when the handler has returned
	deadline time.Time     // zero until the handler has begun; under turns.mu
	over     bool          // the extension waits no longer; under turns.mu
}

// turns agree on who flushes: the extension if it is still waiting when the
// handler returns, else the handler.
type turns struct {
	mu     sync.Mutex
	byID   map[string]*turn
	closed bool   // there is no extension any more
	last   string // the id of the last turn that the extension has left
}

func newTurns() *turns { return &turns{byID: map[string]*turn{}} }

// begin is called by the handler when it begins.
func (t *turns) begin(id string, deadline time.Time) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || id == t.last { // nobody will come for it
		return &turn{id: id, ended: make(chan struct{}), over: true}
	}
	of := t.find(id)
	of.deadline = deadline
	return of
}

// end is called by the handler when it has returned, and reports whether the
// extension flushes.
func (t *turns) end(of *turn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(of.ended)
	return !of.over
}

// await returns the turn of an event, for the extension to wait for its end.
func (t *turns) await(id string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(id)
}

// leave is called by the extension when it waits no longer. It returns the
// deadline as the handler knows it, or zero.
func (t *turns) leave(of *turn) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	of.over = true
	t.last = of.id
	delete(t.byID, of.id)
	return of.deadline
}

// close leaves all turns, those to come too, to the handler.
func (t *turns) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for id, of := range t.byID {
		of.over = true
		delete(t.byID, id)
	}
}

func (t *turns) open() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.closed
}

func (t *turns) find(id string) *turn {
	of := t.byID[id]
	if of == nil {
		of = &turn{id: id, ended: make(chan struct{})}
		t.byID[id] = of
	}
	return of
}
