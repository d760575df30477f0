// Package ledger counts what becomes of every record. Its counters balance at
// every moment, because each record is moved from one counter to another under
// one lock, or in one step, and never counted in two or in none.
package ledger

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
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

	// Own is the records that the handler wrote by itself, to tell of a loss
	// where it happened, or of what sampling left out. No other counter has them.
	Own int64

	// DeliveredBytes and LostBytes are the lengths of the messages of the
	// delivered and of the rejected and dropped records, in UTF-8 bytes.
	DeliveredBytes, LostBytes int64
	// Reasons has the number of rejected and dropped records by reason.
	Reasons map[string]int64
	// Streams has what became of records by log stream, of the streams used
	// last.
	Streams map[string]Stream

	// PossibleDuplicates is the events of batches that were sent again
	// after an answer was lost; those that the next process will send again
	// because a full disk took no note of their delivery; and those of an
	// earlier process that were delivered and may have been before, because it
	// was killed, or ended without their answer. The service may store them
	// twice, or more often: it counts events, not copies.
	PossibleDuplicates int64
	// Sends is the number of PutLogEvents requests that were answered with
	// success, Failures those that failed.
	Sends, Failures int64
	// BodyBytes is the length of the bodies of successful requests before
	// compression, WireBytes after it.
	BodyBytes, WireBytes int64
}

// Stream is what became of the events of one log stream.
type Stream struct {
	// Delivered and Lost count events, Bytes is the length of the delivered
	// messages in UTF-8 bytes.
	Delivered, Lost, Bytes int64
	// Last is when something of it was settled last.
	Last time.Time
}

// maxStreams bounds Counts.Streams.
const maxStreams = 1024

// A Ledger counts. Its methods are safe for concurrent use.
type Ledger struct {
	// accepted is the records that Accept counted. It belongs to Accepted and to
	// Pending, so that one step changes both: who logs needs no lock.
	accepted atomic.Int64

	mu sync.Mutex
	c  Counts // guarded by mu; less accepted
}

// Counts returns the counters as they are now, all from the same moment.
func (l *Ledger) Counts() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.c
	n := l.accepted.Load() // what is settled by now was accepted before
	c.Accepted += n
	c.Pending += n
	c.Reasons = maps.Clone(l.c.Reasons)
	c.Streams = maps.Clone(l.c.Streams)
	return c
}

// Accept counts a record that was handed in; it is pending until its events
// are settled.
func (l *Ledger) Accept() { l.accepted.Add(1) }

// Recover counts records that were found on disk.
func (l *Ledger) Recover(n int64) {
	l.mu.Lock()
	l.c.Recovered += n
	l.c.Spooled += n
	l.mu.Unlock()
}

// ToDisk counts a pending record as spooled, FromDisk one that is not after
// all as pending.
func (l *Ledger) ToDisk() { l.move(1) }

// FromDisk is the reverse of ToDisk.
func (l *Ledger) FromDisk() { l.move(-1) }

func (l *Ledger) move(n int64) {
	l.mu.Lock()
	l.c.Pending -= n
	l.c.Spooled += n
	l.mu.Unlock()
}

// Damage counts spooled records that can no longer be read.
func (l *Ledger) Damage(n int64) {
	l.mu.Lock()
	l.settle(&l.c.Spooled, Dropped, Damaged, n, 0)
	l.mu.Unlock()
}

// Refuse counts a record that was handed in, for a log stream, and dropped at
// once.
func (l *Ledger) Refuse(stream, reason string, bytes int) {
	l.mu.Lock()
	l.c.Accepted++
	l.c.Pending++
	l.settle(&l.c.Pending, Dropped, reason, 1, int64(bytes))
	l.stream(Dropped, &Sum{Stream: stream, Events: 1})
	l.mu.Unlock()
}

// Settle closes the account of the events of a Sum: all of them had the same
// outcome, for the same reason. It returns how many records are closed by it.
func (l *Ledger) Settle(o Outcome, reason string, s *Sum) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := l.place(s.Spooled)
	closed := s.single
	l.settle(from, o, reason, closed, s.singleBytes)
	for _, p := range s.parts {
		if !l.part(from, o, reason, p) {
			continue
		}
		closed++
		if w := Outcome(p.parts.Worst); w > o {
			s.Graver = append(s.Graver, Closing{w, p.parts.Reason, p.parts.Bytes})
		}
	}
	if o == Delivered {
		l.c.Own += s.own
	}
	if o != Spooled {
		l.stream(o, s)
	}
	return closed
}

// place is the counter that has records which are not settled.
func (l *Ledger) place(spooled bool) *int64 {
	if spooled {
		return &l.c.Spooled
	}
	return &l.c.Pending
}

// settle moves n records to the outcome's counter.
func (l *Ledger) settle(from *int64, o Outcome, reason string, n, bytes int64) {
	if n == 0 {
		return
	}
	*from -= n
	switch o {
	case Delivered:
		l.c.Delivered += n
		l.c.DeliveredBytes += bytes
		return
	case Spooled:
		l.c.Spooled += n
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
func (l *Ledger) part(from *int64, o Outcome, reason string, s share) bool {
	p := s.parts
	p.Left--
	p.Bytes += int64(s.size)
	if int(o) > p.Worst {
		p.Worst, p.Reason = int(o), reason
	}
	if p.Left > 0 {
		return false
	}
	l.settle(from, Outcome(p.Worst), p.Reason, 1, p.Bytes)
	if p.Done != nil {
		close(p.Done)
	}
	return true
}

// stream counts the events of a Sum for their log stream.
func (l *Ledger) stream(o Outcome, s *Sum) {
	if s.Stream == "" || s.Events == 0 {
		return
	}
	if l.c.Streams == nil {
		l.c.Streams = make(map[string]Stream)
	}
	st, known := l.c.Streams[s.Stream]
	if !known && len(l.c.Streams) >= maxStreams {
		l.forget()
	}
	if st.Last = time.Now(); o == Delivered {
		st.Delivered += s.Events
		st.Bytes += s.Bytes
	} else {
		st.Lost += s.Events
	}
	l.c.Streams[s.Stream] = st
}

// forget drops the counters of half the streams, those used longest ago.
func (l *Ledger) forget() {
	var sum time.Duration
	now := time.Now()
	for _, st := range l.c.Streams {
		sum += now.Sub(st.Last)
	}
	mean := sum / time.Duration(len(l.c.Streams))
	maps.DeleteFunc(l.c.Streams, func(_ string, st Stream) bool { return now.Sub(st.Last) >= mean })
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

// Repeat counts events that may be stored twice for another reason than a lost
// answer of this process.
func (l *Ledger) Repeat(events int64) {
	l.mu.Lock()
	l.c.PossibleDuplicates += events
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
