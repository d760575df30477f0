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
	begun    bool          // the handler has; under turns.mu
	deadline time.Time     // of the function's time, as the handler knows it; under turns.mu
	over     bool          // the extension waits no longer; under turns.mu
}

// turns agree on who flushes: the extension if it is still waiting when the
// handler returns, else the handler.
type turns struct {
	mu     sync.Mutex
	byID   map[string]*turn
	closed bool   // there is no extension any more
	vain   string // the id of a turn that the extension has left before the handler began
}

func newTurns() *turns { return &turns{byID: map[string]*turn{}} }

// begin is called by the handler when it begins.
func (t *turns) begin(id string, deadline time.Time) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || id == "" || id == t.vain { // nobody will come for it
		t.vain = ""
		return &turn{id: id, ended: make(chan struct{}), over: true}
	}
	of := t.find(id)
	of.begun, of.deadline = true, deadline
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

// await returns the turn of an event, for the extension to wait for its end. Lambda
// repeats an asynchronous invocation that has failed by the same id; that is another turn.
func (t *turns) await(id string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.vain = ""
	return t.find(id)
}

// leave is called by the extension when it waits no longer. It returns the
// deadline as the handler knows it, or zero.
func (t *turns) leave(of *turn) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	of.over = true
	if !of.begun {
		t.vain = of.id
	}
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
