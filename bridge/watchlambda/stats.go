package watchlambda

import "time"

// Stats is what a [Function] has done. The ledger of the records themselves is
// watchtower.Handler.Stats.
type Stats struct {
	// Invocations is the number of events that were handled, Panics that of
	// handlers that panicked.
	Invocations, Panics int64
	// Flushes is the number of flushes, Late that of those whose time was up
	// before all was delivered.
	Flushes, Late int64
	// Left is the number of records that the last flush could not deliver. They
	// are queued for the next.
	Left int64
	// FlushTime is the time that all flushes took together, LongestFlush that of
	// the longest.
	FlushTime, LongestFlush time.Duration
	// Extension reports whether flushes come after the response: whether an
	// extension is registered, and works.
	Extension bool
}

// Stats returns the counters, all of the same moment.
func (f *Function) Stats() Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.stats
	s.Extension = f.ext != nil && f.ext.turns.open()
	return s
}

// count changes the counters.
func (f *Function) count(change func(*Stats)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.stats)
}
