package engine

import (
	"math"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/ledger"
)

// An owner is the state of the goroutine that runs an engine. Nobody else
// reads or writes it.
type owner struct {
	*Engine

	streams streams
	opened  []*batch.Batch // batches being filled, oldest first; sealed ones are skipped
	waiting []*send        // sealed batches to be sent, in the order of sealing
	flying  map[*send]bool // sends under way
	breaker breaker
	outage  outage
	free    []batch.Memory
	timer   *time.Timer
	now     time.Time // of this turn of the loop
}

func newOwner(e *Engine) *owner {
	o := &owner{Engine: e, flying: make(map[*send]bool), timer: time.NewTimer(time.Hour), now: time.Now()}
	o.streams = newStreams(e.cfg.MaxStreams)
	o.timer.Stop()
	return o
}

// run is the owner's loop: it ends when the engine's context does.
func (o *owner) run() {
	defer close(o.done)
	for {
		o.arm()
		select {
		case <-o.queue.Wake():
			o.now = time.Now()
			o.take(false)
		case <-o.timer.C:
			o.now = time.Now()
			o.tick()
		case t := <-o.flushes:
			o.now = time.Now()
			o.flush(t)
		case r := <-o.results:
			o.now = time.Now()
			o.finish(r)
		case <-o.ctx.Done():
			o.abandon()
			return
		}
		o.dispatch()
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
	for born := o.queue.Born(); ; born = o.queue.Born() {
		if !born.IsZero() {
			sooner(born.Add(o.cfg.FlushInterval))
			break
		}
		if o.oldest() != nil || o.queue.Idle() {
			break
		}
	}
	if b := o.oldest(); b != nil {
		sooner(b.Born.Add(o.cfg.FlushInterval))
	} else if len(o.flying) == 0 && len(o.waiting) == 0 {
		o.free, o.waiting = nil, nil // an idle program keeps no memory
	}
	if len(o.waiting) > 0 && o.breaker.until.After(o.now) {
		sooner(o.breaker.until)
	}
	if t, ok := o.streams.nextSweep(o.now); ok {
		sooner(t)
	}
	if !due.IsZero() {
		o.timer.Reset(time.Until(due))
	}
}

// oldest returns the open batch that was begun first.
func (o *owner) oldest() *batch.Batch {
	for len(o.opened) > 0 && o.opened[0].Sealed() {
		o.opened[0] = nil
		o.opened = o.opened[1:]
	}
	if len(o.opened) == 0 {
		o.opened = nil
		return nil
	}
	return o.opened[0]
}

// take moves events from the queue into batches.
func (o *owner) take(all bool) {
	t := o.queue.Take(all, math.MaxInt)
	t.Each(o.add)
	t.Recycle(o.queue)
	// Under pressure batches leave before they are full, but only when
	// nothing else is about to make room.
	if t.Urgent || t.Pressed && len(o.waiting)+len(o.flying) == 0 {
		o.sealAll()
	}
}

// add puts one event into the batch where it belongs.
func (o *owner) add(e *cwl.Event, born time.Time) {
	st := o.stream(e.Stream)
	st.used = o.now
	slot := st.slot(e.Time)
	for *slot != nil && !(*slot).Fits(e) {
		o.sealFull(st, slot)
		slot = st.slot(e.Time)
	}
	if *slot == nil {
		*slot = batch.New(o.cfg.Settings.Group, st.name, o.cfg.Limits, o.memory())
		o.opened = append(o.opened, *slot)
	}
	(*slot).Add(e, born)
}

// stream finds the stream of a name, or what stands in for it.
func (o *owner) stream(name string) *stream {
	st, overflown := o.streams.find(name)
	if overflown {
		o.report.failure(&OverflowError{Limit: o.cfg.MaxStreams, Stream: name})
	}
	return st
}

// tick does what is due by time.
func (o *owner) tick() {
	o.take(true)
	for b := o.oldest(); b != nil && !b.Born.Add(o.cfg.FlushInterval).After(o.now); b = o.oldest() {
		o.sealBatch(b)
	}
	o.streams.reclaim(o.now)
}

// flush sends everything that was accepted and notes who waits for it.
func (o *owner) flush(t *ticket) {
	o.take(true)
	o.sealAll()
	for _, s := range o.waiting {
		t.add(s)
	}
	for s := range o.flying {
		t.add(s)
	}
	if t.left == 0 {
		close(t.done)
	}
}

// abandon is the end: senders are cancelled by now, and what is not settled is
// dropped.
func (o *owner) abandon() {
	o.timer.Stop()
	o.take(true)
	o.sealAll()
	// First what waits: a sender may be held up by a record of its own, logged
	// in Sync mode from below.
	o.giveUp()
	for len(o.flying) > 0 {
		o.finish(<-o.results)
	}
	o.giveUp()
}

// giveUp drops what is not under way.
func (o *owner) giveUp() {
	o.gaveUp = o.gaveUp || len(o.waiting) > 0
	for _, s := range o.waiting {
		o.settle(s, ledger.Dropped, ledger.Closed, nil)
	}
	o.waiting = nil
}

// memory returns memory for a batch.
func (o *owner) memory() batch.Memory {
	if last := len(o.free) - 1; last >= 0 {
		m := o.free[last]
		o.free = o.free[:last]
		return m
	}
	return batch.Memory{}
}

// reclaim keeps the memory of a batch for the next one.
func (o *owner) reclaim(b *batch.Batch) {
	const worth = 64 << 10 // less is quickly made anew
	if m := b.Memory(); m.Bytes() >= worth && len(o.free) < o.cfg.Window+2 {
		o.free = append(o.free, m)
	}
}
