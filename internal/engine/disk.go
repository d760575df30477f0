package engine

import (
	"context"
	"errors"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/queue"
	"github.com/watchtower-go/watchtower/internal/spool"
)

const (
	// diskLinger is how long the owner lets events gather on disk before it
	// reads them, so that it is not woken for each.
	diskLinger = 10 * time.Millisecond
	// diskTurn is how much it reads at a time, in bytes.
	diskTurn = 1 << 20
	// recentShare is the part of the queue's bound that, with SpoolAlways, may be
	// in memory of what was written to the disk last.
	recentShare = 4
	// adoptEvery is how often it looks for what processes left that are gone.
	adoptEvery = time.Minute
	// roomEvery is how often a blocked caller looks for room on the disk.
	roomEvery = 50 * time.Millisecond
)

// A disk is the owner's side of the spool.
//
// With SpoolAlways every event goes through it: callers append, the owner reads
// and delivers. Otherwise it is where the queue flows over to when it is nearly
// full: from then on, until all of it is read again, every event takes the way
// through the disk, so that none overtakes another.
type disk struct {
	spilling bool
	full     bool        // it did not take the last record, and is left alone
	retry    time.Time   // until then
	due      time.Time   // when to read; zero: there is nothing
	read     int64       // events so far
	adopting time.Time   // when to look for more
	aged     time.Time   // when it was looked for events too old to be sent
	record   *cwl.Parts  // of a record whose last event is not read
	leaving  bool        // the record whose last event is not read
	again    bool        // what was left should be read again
	reread   time.Time   // not before then
	own      []cwl.Event // records of our own that are saved at the end
	pile     pile        // scratch, while the queue flows over
	event    cwl.Event   // scratch, of fromDisk
}

// openSpool opens the spool of an engine that has one.
func (e *Engine) openSpool() (err error) {
	if e.cfg.Spool == nil {
		return nil
	}
	if e.cfg.SpoolAlways {
		e.recent = e.cfg.Queue.Bytes / recentShare
	}
	o := *e.cfg.Spool
	o.Report, o.Recent = e.damaged, e.recent
	e.spool, err = spool.Open(o)
	return err
}

// putOnDisk accepts the events of one record on the goroutine that logs.
func (e *Engine) putOnDisk(ctx context.Context, events []cwl.Event) error {
	err := e.tryDisk(events)
	if e.mayWait(err) {
		err = e.awaitDisk(ctx, events, err)
	}
	if err == nil {
		return nil
	}
	if e.queue.IsClosed() {
		e.lose(ledger.Dropped, ledger.Closed, events, nil)
		return queue.ErrClosed
	}
	e.lose(ledger.Dropped, ledger.SpoolFull, events, err)
	e.queue.Nudge() // there is a loss to tell of in the stream
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return ErrSpoolFull
}

// tryDisk writes the events of one record. They are counted as spooled before they
// are: the owner may have delivered them when Append returns.
func (e *Engine) tryDisk(events []cwl.Event) error {
	if e.queue.IsClosed() || !e.awaitNames() {
		return queue.ErrClosed
	}
	e.nameEvents(events)
	e.ledger.ToDisk()
	err := e.spool.Append(events)
	if err == nil {
		return nil
	}
	e.ledger.FromDisk()
	if !errors.Is(err, spool.ErrFull) && !errors.Is(err, spool.ErrClosed) {
		e.report.disk(err)
	}
	e.cramped.Store(true)
	return err
}

// mayWait reports whether a call waits that got this answer from the disk.
func (e *Engine) mayWait(err error) bool {
	return err != nil && e.cfg.Queue.Policy == queue.Block && !errors.Is(err, spool.ErrTooLarge) && !errors.Is(err, queue.ErrClosed)
}

// awaitDisk tries again until the disk has the events, or the time is up; err is why
// it has not.
func (e *Engine) awaitDisk(ctx context.Context, events []cwl.Event, err error) error {
	e.blocked.Add(1)
	defer e.blocked.Add(-1)
	e.queue.Nudge() // see unblock
	var timeout <-chan time.Time
	if t := e.cfg.Queue.BlockTimeout; t > 0 {
		timer := time.NewTimer(t)
		defer timer.Stop()
		timeout = timer.C
	}
	for e.mayWait(err) {
		select {
		case <-time.After(roomEvery):
			err = e.tryDisk(events)
		case <-e.queue.Closed():
			return err
		case <-timeout:
			return err
		case <-ctx.Done():
			return err
		}
	}
	return err
}

// diskWake is the spool's, or nil.
func (o *owner) diskWake() <-chan struct{} {
	if o.spool == nil {
		return nil
	}
	return o.spool.Wake()
}

// noticeDisk notes that there is something to read.
func (o *owner) noticeDisk() {
	if o.disk.due.IsZero() {
		o.disk.due = o.now.Add(min(diskLinger, o.cfg.FlushInterval))
	}
}

// diskDue is when the disk wants the owner, or zero.
func (o *owner) diskDue() time.Time {
	if o.spool == nil {
		return time.Time{}
	}
	due := o.disk.adopting
	sooner := func(t time.Time) {
		if t.Before(due) {
			due = t
		}
	}
	if t := o.disk.due; !t.IsZero() && o.held < o.cfg.Queue.Bytes/2 {
		if o.breaker.open(o.now) {
			t = later(t, o.breaker.until)
		}
		if !o.roomy() {
			t = later(t, o.now.Add(roomEvery)) // it is the fallback that makes room
		}
		sooner(t)
	}
	if o.disk.full && !o.cfg.SpoolAlways {
		sooner(o.disk.retry)
	}
	return due
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// tickDisk does what is due on the disk.
func (o *owner) tickDisk() {
	if o.spool == nil {
		return
	}
	if !o.now.Before(o.disk.adopting) {
		o.adopt()
		o.dropAged()
	}
	if t := o.disk.due; !t.IsZero() && !o.now.Before(t) {
		o.readDisk()
	}
}

// adopt takes over what processes left that are gone.
func (o *owner) adopt() {
	if o.spool == nil {
		return
	}
	var n int64
	var more bool
	var err error
	o.ahead(func() { n, more, err = o.spool.Adopt() })
	if err != nil {
		o.report.disk(err)
	}
	o.ledger.Recover(n)
	if o.disk.adopting = o.now.Add(adoptEvery); more {
		o.disk.adopting = o.now
	}
	if n > 0 {
		o.noticeDisk()
	}
}

// mayRead reports whether events may come from the disk into batches: something
// may be sent, and there is room.
func (o *owner) mayRead() bool { return !o.breaker.open(o.now) && o.roomy() }

// roomy reports whether half of the queue's bound is not used up by batches, nor
// all of it by what waits for the fallback and by what the spool keeps in memory.
func (o *owner) roomy() bool {
	return o.held+o.oldCost < o.cfg.Queue.Bytes/2 && o.queue.Used()+o.recent < o.cfg.Queue.Bytes
}

// readDisk moves events from the disk into batches, as many as there is room
// for.
func (o *owner) readDisk() {
	if o.spool == nil || o.disk.due.IsZero() {
		return
	}
	for o.mayRead() {
		o.readAgain()
		n, err := o.spool.Read(diskTurn, o.fromDisk)
		o.disk.read += int64(n)
		if err != nil {
			o.report.disk(err)
		}
		o.dropOld()
		if n == 0 && o.disk.again {
			o.disk.due = later(o.disk.reread, o.now.Add(diskLinger))
			return
		}
		if n == 0 && o.spool.Backlog().Unread == 0 {
			o.disk.due, o.disk.spilling, o.disk.pile = time.Time{}, false, pile{}
			return
		}
		if n == 0 { // an error; the rest stays for later
			o.disk.due = o.now.Add(time.Second)
			return
		}
	}
	if len(o.waiting)+len(o.flying) == 0 && !o.breaker.open(o.now) {
		o.sealAll() // nothing else would make room
	}
}

// fromDisk puts one event that was read into a batch. The events of a record
// are tied together again. It returns whether there is room for another.
func (o *owner) fromDisk(e *cwl.Event, at spool.Position, m spool.Mark) bool {
	if o.leaveEvent(e, at, m) {
		return true
	}
	ev := &o.disk.event
	*ev = *e
	ev.Disk = at.Key()
	if m.Own() {
		ev.Parts = cwl.Own
	} else if p := o.disk.record; p != nil || !m.Last() {
		if p == nil {
			p = &cwl.Parts{Left: 1} // until the last is read
			o.disk.record = p
		}
		ev.Parts = p
		if p.Left++; m.Last() {
			p.Left--
			o.disk.record = nil
		}
	}
	if m.TooOld() && !o.cfg.Restamp {
		ev.Fragment = append([]byte(nil), ev.Fragment...)
		o.old = append(o.old, *ev)
		o.oldCost += queue.Cost(ev)
	} else {
		o.queue.Charge(queue.Cost(ev))
		o.add(ev, o.now)
	}
	return o.held+o.oldCost < o.cfg.Queue.Bytes/2
}

// ack settles on disk what account has settled.
func (o *owner) ack() {
	if len(o.acks) == 0 {
		return
	}
	if err := o.spool.Ack(o.acks); err != nil {
		o.report.disk(err)
	}
}
