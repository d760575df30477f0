// Package ledger counts what becomes of every record. Its counters balance at
// every moment, because each record is moved from one counter to another under
// one lock and never counted in two or in none.
package ledger

import (
	"maps"
	"sync"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// Counts is the ledger at one moment. The unit is the record: one that was
// split into several events counts once. It always holds that
//
//	Accepted + Recovered = Delivered + Rejected + Dropped + Spooled + Pending
type Counts struct {
	// Accepted is every record that was handed in, also those that were
	// dropped at once.
	Accepted int64
	// Recovered is the records adopted from the spool of an earlier process.
	Recovered int64

	// Delivered is the records that the service has stored.
	Delivered int64
	// Rejected is the records that the service has refused.
	Rejected int64
	// Dropped is the records given up here.
	Dropped int64
	// Spooled is the records on disk.
	Spooled int64
	// Pending is the records in the queue, in open batches and under way. It
	// is counted, not derived.
	Pending int64

	// DeliveredBytes and LostBytes are the lengths of the messages of the
	// delivered and of the rejected and dropped records, in UTF-8 bytes.
	DeliveredBytes, LostBytes int64
	// Reasons has the number of rejected and dropped records by reason.
	Reasons map[string]int64

	// PossibleDuplicates is the records of batches that were sent again
	// after an answer was lost; the service may have stored them twice.
	PossibleDuplicates int64
	// Sends is the number of PutLogEvents requests that were answered with
	// success, Failures those that failed.
	Sends, Failures int64
	// BodyBytes is the length of the bodies of successful requests before
	// compression, WireBytes after it.
	BodyBytes, WireBytes int64
}

// An Outcome is what became of a record for good. A higher one is graver: a
// record split into several events has the gravest outcome of its events.
type Outcome int

// The outcomes.
const (
	Delivered Outcome = iota
	Rejected
	Dropped
)

// Reasons for the outcomes Rejected and Dropped.
const (
	QueueFull = "queue full"
	Closed    = "closed"
	Empty     = "empty message"
	Oversize  = "message too long"
	Format    = "formatter failed"
	TooOld    = "too old"
	TooNew    = "too new"
	Expired   = "expired"
	Invalid   = "refused by the service"
)

// A Ledger counts. Its methods are safe for concurrent use.
type Ledger struct {
	mu sync.Mutex
	c  Counts // guarded by mu
}

// Counts returns the counters as they are now, all from the same moment.
func (l *Ledger) Counts() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.c
	c.Reasons = maps.Clone(l.c.Reasons)
	return c
}

// Accept counts a record that was handed in; it is pending until its events
// are settled.
func (l *Ledger) Accept() {
	l.mu.Lock()
	l.c.Accepted++
	l.c.Pending++
	l.mu.Unlock()
}

// Refuse counts a record that was handed in and dropped at once.
func (l *Ledger) Refuse(reason string, bytes int) {
	l.mu.Lock()
	l.c.Accepted++
	l.c.Pending++
	l.settle(Dropped, reason, 1, int64(bytes))
	l.mu.Unlock()
}

// Settle closes the account of the events of a Sum: all of them had the same
// outcome, for the same reason. It returns how many records are closed by it.
func (l *Ledger) Settle(o Outcome, reason string, s *Sum) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	closed := s.Events - int64(len(s.parts))
	l.settle(o, reason, closed, s.Bytes-s.partBytes)
	for _, p := range s.parts {
		if l.part(o, reason, p) {
			closed++
		}
	}
	return closed
}

// settle moves n records from Pending to the outcome's counter.
func (l *Ledger) settle(o Outcome, reason string, n, bytes int64) {
	if n == 0 {
		return
	}
	l.c.Pending -= n
	switch o {
	case Delivered:
		l.c.Delivered += n
		l.c.DeliveredBytes += bytes
		return
	case Rejected:
		l.c.Rejected += n
	case Dropped:
		l.c.Dropped += n
	}
	l.c.LostBytes += bytes
	if l.c.Reasons == nil {
		l.c.Reasons = make(map[string]int64)
	}
	l.c.Reasons[reason] += n
}

// part settles one event of a record that became several, and the record with
// the last of them.
func (l *Ledger) part(o Outcome, reason string, s share) bool {
	p := s.parts
	p.Left--
	p.Bytes += int64(s.size)
	if int(o) > p.Worst {
		p.Worst, p.Reason = int(o), reason
	}
	if p.Left > 0 {
		return false
	}
	l.settle(Outcome(p.Worst), p.Reason, 1, p.Bytes)
	if p.Done != nil {
		close(p.Done)
	}
	return true
}

// Sent counts a request that was answered with success, and the lengths of its
// body before and after compression.
func (l *Ledger) Sent(body, wire int) {
	l.mu.Lock()
	l.c.Sends++
	l.c.BodyBytes += int64(body)
	l.c.WireBytes += int64(wire)
	l.mu.Unlock()
}

// Failed counts a request that failed; duplicates is the number of events that
// may be stored twice, because their answer was lost and they are sent again.
func (l *Ledger) Failed(duplicates int) {
	l.mu.Lock()
	l.c.Failures++
	l.c.PossibleDuplicates += int64(duplicates)
	l.mu.Unlock()
}

// A Sum gathers events that have the same outcome.
type Sum struct {
	Events, Bytes int64
	// First and Last are the earliest and latest time, in milliseconds.
	First, Last int64

	parts     []share
	partBytes int64
}

// A share is one event of a record that became several.
type share struct {
	parts *cwl.Parts
	size  int
}

// Add adds one event.
func (s *Sum) Add(time int64, size int, parts *cwl.Parts) {
	if s.Events == 0 || time < s.First {
		s.First = time
	}
	if s.Events == 0 || time > s.Last {
		s.Last = time
	}
	s.Events++
	s.Bytes += int64(size)
	if parts != nil {
		s.parts = append(s.parts, share{parts, size})
		s.partBytes += int64(size)
	}
}
