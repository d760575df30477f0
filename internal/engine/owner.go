package engine

import (
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/queue"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// An owner is the state of the goroutine that runs an engine. Nobody else
// reads or writes it.
type owner struct {
	*Engine

	streams streams
	limits  Limits
	// mostBytes is what limits.Bytes may grow to after a slow line made it less.
	mostBytes int
	opened    []*batch.Batch // batches being filled, in the order in which they are due
	pace      pace
	held      int            // cost of the events in batches of any kind
	waiting   []*send        // sealed batches to be sent, in the order of sealing
	flying    map[*send]bool // sends under way
	window    window
	breaker   breaker
	outage    outage
	// backlog is set from a failure until the service is back and has emptied the
	// queue. A batch that is made of a full queue comes on top of that: the memory
	// which its events leave behind is not collected so soon. So a few are made while
	// the queue fills, and those that follow grow in their memory.
	backlog bool
	urgent  bool      // somebody waits for events in open batches
	tickets []*ticket // of those whose events are not all in sends
	disk    disk
	// eventLimit is what messages are shortened to, when an endpoint turned
	// out to take less than the service; else zero.
	eventLimit int
	// entityTold is set when it was told that the entity is rejected.
	entityTold bool

	acks []spool.Position // scratch
	old  []cwl.Event      // read from the disk and too old to be sent
	// oldCost is what they take of the queue's bound.
	oldCost int
	spare   spare
	timer   *time.Timer
	now     time.Time // of this turn of the loop
	whole   cwl.Event // scratch, for wholeEvent
}

func newOwner(e *Engine) *owner {
	o := &owner{Engine: e, limits: e.cfg.Limits, flying: make(map[*send]bool), timer: time.NewTimer(time.Hour), now: time.Now()}
	o.mostBytes = o.limits.Bytes
	o.streams = newStreams(e.cfg.MaxStreams)
	o.window = newWindow(e.cfg.Window)
	o.pace = newPace(e.cfg.FlushInterval)
	o.disk.aged = o.now
	o.timer.Stop()
	return o
}

// run is the owner's loop: it ends when the engine's context does.
func (o *owner) run() {
	defer close(o.done)
	o.adopt()
	if !o.untilNamed() {
		o.abandon()
		return
	}
	for {
		o.arm()
		select {
		case <-o.queue.Wake():
			o.now = time.Now()
			if len(o.opened) == 0 {
				o.pace.begin(o.now)
			}
			o.take(false)
		case <-o.diskWake():
			o.now = time.Now()
			o.noticeDisk()
		case <-o.timer.C:
			o.now = time.Now()
			o.tick()
		case h := <-o.handovers:
			o.now = time.Now()
			o.takeOver(h)
		case t := <-o.flushes:
			o.now = time.Now()
			o.flush(t)
		case r := <-o.results:
			o.now = time.Now()
			o.finish(r)
		case <-o.ctx.Done():
			o.endTrials()
			o.abandon()
			return
		}
		o.drainTickets()
		o.unblock()
		o.hurry()
		o.sealDue()
		o.dispatch()
		o.takeMore()
	}
}

// arm sets the timer to the next moment at which something is due. With
// nothing due the queue is asked to wake the owner at the next event.
func (o *owner) arm() {
	o.timer.Stop()
	var due time.Time
	sooner := func(t time.Time) {
		if due.IsZero() || t.Before(due) {
			due = t
		}
	}
	// What is in the queue while there is no room for it in batches waits for
	// a result.
	for o.most() > 0 {
		if born := o.queue.Born(); !born.IsZero() {
			sooner(born.Add(o.pace.linger))
			break
		}
		if len(o.opened) > 0 || o.queue.Idle() {
			break
		}
	}
	if t := o.nextDue(); !t.IsZero() {
		sooner(t)
	}
	if t := o.restDue(); !t.IsZero() {
		sooner(t)
	}
	if len(o.opened)+len(o.waiting) > 0 && o.breaker.until.After(o.now) {
		sooner(o.breaker.until)
	}
	for _, t := range []time.Time{o.gaps.due(), o.notesDue()} {
		if o.breaker.failures == 0 && !t.IsZero() {
			sooner(t)
		}
	}
	if t, ok := o.streams.nextSweep(o.now); ok {
		sooner(t)
	}
	if t := o.diskDue(); !t.IsZero() {
		sooner(t)
	}
	if !due.IsZero() {
		o.timer.Reset(time.Until(due))
	}
}

// take moves events from the queue into batches or, when it is nearly full, to
// the disk.
func (o *owner) take(all bool) {
	pressed := false
	if o.mayWrite() && (o.spilling() || o.queue.Pressed()) {
		pressed = o.flowOver(all)
	}
	if !o.spilling() || o.disk.full {
		pressed = o.takeAway(all) || pressed
	}
	// Under pressure batches leave before they are full, but only when
	// nothing else is about to make room, and when they can leave. While
	// somebody waits all of them do: see hurry.
	if (pressed || o.most() == 0) && !o.urgent && len(o.waiting)+len(o.flying) == 0 && !o.breaker.open(o.now) {
		o.sealLargest()
	}
}

// takeMore takes what stayed in the queue for want of requests that could take
// it: what is filled or, for those who wait, all. What comes meanwhile is for
// the next turn of the loop.
func (o *owner) takeMore() {
	for last := o.queue.Last(); !o.keepsHalf() && o.most() > 0; {
		left := o.queue.Left()
		if left > last || len(o.tickets) == 0 && !o.queue.Filled() {
			return
		}
		o.take(len(o.tickets) > 0)
		o.drainTickets()
		o.hurry()
		o.sealDue()
		o.dispatch()
		if o.queue.Left() == left {
			return
		}
	}
}

// hurry sends at once what somebody waits for, but not before it can leave:
// those who come while the window is full share a batch.
func (o *owner) hurry() {
	if o.urgent && len(o.waiting) == 0 && len(o.flying) < o.window.size {
		o.urgent = false
		o.sealAll()
	}
}

// add puts one event into the batch where it belongs.
func (o *owner) add(e *cwl.Event, born time.Time) {
	e = o.wholeEvent(e)
	if o.eventLimit > 0 && e.Size > o.eventLimit && !e.Again {
		short := o.cfg.Rewrite.Shorten(e, o.eventLimit)
		o.queue.Charge(len(short.Fragment) - len(e.Fragment))
		e = &short
	}
	st := o.stream(e.Stream)
	st.used = o.now
	o.held += queue.Cost(e)
	slot := st.slot(e.Time)
	for *slot != nil && !(*slot).Fits(e) {
		o.sealFull(st, slot)
		slot = st.slot(e.Time)
	}
	if *slot == nil {
		*slot = batch.New(o.target, st.name, o.limits, o.memoryFor(st))
		o.open(*slot, born)
	}
	(*slot).Add(e, born)
}

// wholeEvent returns e completed, in memory of the owner's if it was not whole.
func (o *owner) wholeEvent(e *cwl.Event) *cwl.Event {
	if o.cfg.Names == nil || o.cfg.Names.CompleteEvent == nil {
		return e
	}
	o.whole = *e
	if grown := o.completeEvent(&o.whole); grown != 0 {
		o.queue.Charge(grown)
		return &o.whole
	}
	return e
}

// stream finds the stream of a name, or what stands in for it.
func (o *owner) stream(name string) *stream {
	name = o.named(name)
	st, overflown := o.streams.find(name)
	if overflown {
		o.report.failure(&OverflowError{Limit: o.cfg.MaxStreams, Stream: name})
	}
	return st
}

// tick does what is due by time.
func (o *owner) tick() {
	o.take(true)
	o.tickDisk()
	o.writeGaps(false)
	o.writeNotes(false)
	o.streams.reclaim(o.now)
	o.rest()
}
