package engine

import (
	"sync"
	"sync/atomic"
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
	taken   atomic.Int64
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
	f.taken.Add(1)
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

// How long Close waits for the fallback to take the last, its context ended or not:
// as long as it took one within the last second, and ten seconds in all. What is
// slow may finish, what hangs may not hold up the end of a program.
const (
	fallbackGrace = time.Second
	fallbackMost  = 10 * time.Second
)

// wait waits until all is handed over, for a while.
func (f *fallback) wait() {
	done := make(chan struct{})
	go func() { f.quiet.Wait(); close(done) }()
	tick := time.NewTicker(fallbackGrace)
	defer tick.Stop()
	seen := f.taken.Load()
	for range int(fallbackMost / fallbackGrace) {
		select {
		case <-done:
			f.panics.last()
			return
		case <-tick.C:
		}
		now := f.taken.Load()
		if now == seen {
			break
		}
		seen = now
	}
	f.panics.last()
}
