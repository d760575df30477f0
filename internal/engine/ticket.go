package engine

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// A ticket is somebody's wait for everything that was accepted before.
type ticket struct {
	upto    uint64 // the last event in the queue at that time
	disk    int64  // the last on disk, as disk.read counts
	left    int    // sends to wait for
	drained bool   // all these events are in sends
	patient bool   // waits for events on disk while the service fails, too
	done    chan struct{}

	begin, end time.Time   // of the wait; no end: zero
	gone       atomic.Bool // nobody waits any more
}

func newTicket(ctx context.Context, patient bool) *ticket {
	t := &ticket{patient: patient, done: make(chan struct{}), begin: time.Now()}
	t.end, _ = ctx.Deadline()
	return t
}

// excuses reports whether the ticket need not wait for s now.
func (o *owner) excuses(t *ticket, s *send) bool {
	return o.breaker.failures > 0 && s.onDisk && !t.patient
}

// excuse lets go, after a failure, those who wait for events that are on disk.
func (o *owner) excuse() {
	release := func(s *send) {
		s.tickets = slices.DeleteFunc(s.tickets, func(t *ticket) bool {
			if !o.excuses(t, s) {
				return false
			}
			t.left--
			t.check()
			return true
		})
	}
	for _, s := range o.waiting {
		release(s)
	}
	for s := range o.flying {
		release(s)
	}
}

// add makes the ticket wait for s too.
func (t *ticket) add(s *send) {
	if slices.Contains(s.tickets, t) {
		return
	}
	if len(s.tickets) == cap(s.tickets) {
		s.tickets = slices.DeleteFunc(s.tickets, func(t *ticket) bool { return t.gone.Load() })
	}
	t.left++
	s.tickets = append(s.tickets, t)
}

// check ends the wait when there is nothing left to wait for.
func (t *ticket) check() {
	if t.drained && t.left == 0 {
		close(t.done)
	}
}

// flush takes on somebody who waits.
func (o *owner) flush(t *ticket) {
	t.upto = o.queue.Last()
	for _, s := range o.waiting {
		o.enroll(t, s)
	}
	for s := range o.flying {
		o.enroll(t, s)
	}
	o.tickets = append(o.tickets, t)
	o.writeGaps(true)
	o.take(true)
	o.writeNotes(true) // behind the records that were kept
	o.aim(t)
	o.readDisk()
	o.drainTickets()
	o.probe(t)
}

// enroll makes the ticket wait for s, if it has to.
func (o *owner) enroll(t *ticket, s *send) {
	if !o.excuses(t, s) {
		t.add(s)
	}
}

// follow makes the ticket wait for events that went from one batch to another.
func (o *owner) follow(t *ticket) {
	if t.drained {
		t.drained = false
		o.tickets = append(o.tickets, t)
	}
}

// drainTickets seals what somebody waits for, and lets those go whose events
// are all in sends.
func (o *owner) drainTickets() {
	if len(o.tickets) == 0 {
		return
	}
	o.sealAll() // each new send takes on the tickets
	left := o.queue.Left()
	o.tickets = slices.DeleteFunc(o.tickets, func(t *ticket) bool {
		if t.gone.Load() {
			return true
		}
		t.drained = left > t.upto && o.diskDrained(t)
		t.check()
		return t.drained
	})
}

// aim notes what is on disk when somebody begins to wait: what comes later is no
// matter.
func (o *owner) aim(t *ticket) {
	if o.spool == nil {
		return
	}
	unread := o.spool.Backlog().Unread
	if t.disk = o.disk.read + unread; unread > 0 {
		o.noticeDisk()
	}
}

// diskDrained reports whether those who wait need not wait for the disk: all
// of it that they wait for is in sends, nor is there anything about to be read again,
// or the service fails and the disk keeps the events.
func (o *owner) diskDrained(t *ticket) bool {
	if o.spool == nil || o.disk.due.IsZero() || o.breaker.failures > 0 && !t.patient {
		return true
	}
	return o.disk.read >= t.disk && !o.disk.again
}
