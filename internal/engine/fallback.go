package engine

import (
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A wake is events that will not be delivered, and the room they take.
type wake struct {
	events []cwl.Event
	reason string
	cost   int
}

// A fallback hands lost events to the user's function from a goroutine that
// lives while there are any. They take room of the queue until then, so that
// what waits here is bounded too.
type fallback struct {
	call    func(*cwl.Event, string)
	release func(cost int)
	panics  *panics

	mu      sync.Mutex
	waiting []wake
	running bool
	quiet   sync.WaitGroup

	handing []wake // what the goroutine is at; nobody else's
}

// push takes lost events over.
func (f *fallback) push(w wake) {
	if len(w.events) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, w)
	if !f.running {
		f.running = true
		f.quiet.Go(f.run)
	}
}

func (f *fallback) run() {
	ended := false
	defer func() {
		if !ended { // Fallback ended the goroutine, by runtime.Goexit
			f.quiet.Go(f.run)
		}
	}()
	for {
		for len(f.handing) > 0 {
			f.next(&f.handing[0])
		}
		f.mu.Lock()
		f.handing, f.waiting = f.waiting, nil
		f.running = len(f.handing) > 0
		ended = !f.running
		f.mu.Unlock()
		if ended {
			return
		}
	}
}

// next hands over one event of w, or lets w go.
func (f *fallback) next(w *wake) {
	if len(w.events) == 0 {
		f.release(w.cost)
		f.handing = f.handing[1:]
		return
	}
	e := &w.events[0]
	w.events = w.events[1:]
	f.hand(e, w.reason)
}

// hand calls the user's function, if there is one. A panic in it must not end
// the program.
func (f *fallback) hand(e *cwl.Event, reason string) {
	if f.call == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			f.panics.caught(p)
		}
	}()
	f.call(e, reason)
}

// fallbackGrace is how long Close waits for the fallback to take the last, its
// context ended or not.
const fallbackGrace = time.Second

// wait waits until all is handed over, for a while.
func (f *fallback) wait() {
	done := make(chan struct{})
	go func() { f.quiet.Wait(); close(done) }()
	t := time.NewTimer(fallbackGrace)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
	f.panics.last()
}
