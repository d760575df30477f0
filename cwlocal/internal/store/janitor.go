package store

import (
	"errors"
	"sync"
)

// A janitor does in the background what no caller waits for: merging small
// blocks and removing what was deleted. Its goroutine lives as long as there
// is work, all of it in small transactions.
type janitor struct {
	mu      sync.Mutex
	merges  map[mergeJob]struct{}
	tombs   bool // something was deleted
	stopped bool
	idle    chan struct{} // closed when the goroutine ends; nil when there is none
	err     error
}

// wake has the keys of deleted groups and streams removed.
func (j *janitor) wake(s *Store) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tombs = true
	j.start(s)
}

// merge has the small blocks of a stream merged.
func (j *janitor) merge(s *Store, job mergeJob) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.merges == nil {
		j.merges = map[mergeJob]struct{}{}
	}
	j.merges[job] = struct{}{}
	j.start(s)
}

func (j *janitor) start(s *Store) {
	if j.idle == nil && !j.stopped {
		j.idle = make(chan struct{})
		go j.run(s)
	}
}

// stop ends the work after the transaction in progress and waits for that.
// What is left is taken up when the store is opened again.
func (j *janitor) stop() {
	j.mu.Lock()
	j.stopped = true
	idle := j.idle
	j.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

// stopping is asked between transactions.
func (j *janitor) stopping() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.stopped
}

func (j *janitor) lastError() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

func (j *janitor) run(s *Store) {
	for {
		work := j.next(s)
		if work == nil {
			return
		}
		if err := work(); err != nil && !errors.Is(err, ErrClosed) {
			j.mu.Lock()
			j.err = err
			j.mu.Unlock()
		}
	}
}

// next takes the next piece of work, or ends the goroutine.
func (j *janitor) next(s *Store) func() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.stopped {
		// Merges first: readers feel them, and reclaiming may take long.
		for job := range j.merges {
			delete(j.merges, job)
			return func() error { return s.merge(job) }
		}
		if j.tombs {
			j.tombs = false
			return s.reclaim
		}
	}
	close(j.idle)
	j.idle = nil
	return nil
}
