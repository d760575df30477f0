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
	// spillTurn is how many events go from the queue to the disk at a time.
	spillTurn = 1024
	// spillBytes is how many bytes of them are taken out of the queue at a
	// time: what the disk does not take then has left the queue, and cannot
	// make room for others any more.
	spillBytes = 1 << 20
	// refusedFor is how long a disk is left alone that did not take a record.
	refusedFor = time.Second
)

// A handover is a record that found no room in the queue, and whose caller waits
// until the owner has put it on the disk, behind what is in the queue.
type handover struct {
	events []cwl.Event
	err    error // why it is not there
	done   chan struct{}
}

// putOrSpill puts the events of one record into the queue or, while that is full
// and a disk has room, on the disk. Only when neither takes it the policy decides.
func (e *Engine) putOrSpill(ctx context.Context, events []cwl.Event, urgent bool) ([]*queue.Chunk, error) {
	if e.noDisk.Load() {
		return e.queue.Put(ctx, events, urgent)
	}
	if err := e.queue.Offer(events, urgent); err != queue.ErrFull {
		return nil, err
	}
	h := &handover{events: events, done: make(chan struct{})}
	select {
	case e.handovers <- h:
		<-h.done // not for long: the owner waits for nothing but the disk
		if h.err == nil {
			return nil, nil
		}
	case <-e.queue.Closed():
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	return e.queue.Put(ctx, events, urgent)
}

// takeOver puts a record on the disk that found no room in the queue, with those
// of other callers who wait. The queue goes first, so that none overtakes another.
func (o *owner) takeOver(h *handover) {
	all := []*handover{h}
	for more := true; more; {
		select {
		case h := <-o.handovers:
			all = append(all, h)
		default:
			more = false
		}
	}
	if o.mayWrite() {
		o.flowOver(true)
	}
	records := make([][]cwl.Event, len(all))
	for i, h := range all {
		o.nameEvents(h.events)
		records[i] = h.events
	}
	o.appendAll(records, func(i int, err error) { all[i].err = err })
	o.noticeDisk()
	for _, h := range all {
		close(h.done)
	}
}

// spilling reports whether the queue flows over to the disk.
func (o *owner) spilling() bool { return o.disk.spilling }

// mayWrite reports whether the queue may flow over: there is a disk for that,
// and it has not refused a record in the last second.
func (o *owner) mayWrite() bool {
	if o.spool == nil || o.cfg.SpoolAlways {
		return false
	}
	if o.disk.full && !o.now.Before(o.disk.retry) {
		o.disk.full = false
		o.noDisk.Store(false)
	}
	return !o.disk.full
}

// flowOver moves the events that are in the queue now to the disk, as far as that
// takes them, and reports whether the queue was nearly full. Those who log while it
// is at it must not keep it from ever coming back.
func (o *owner) flowOver(all bool) (pressed bool) {
	o.disk.spilling = true
	most := min(spillBytes, o.cfg.Queue.Bytes/8)
	first, last := o.queue.Left(), o.queue.Last()
	for !o.disk.full && o.queue.Left() <= last {
		t := o.queue.Take(all, most)
		if t.Empty() {
			break
		}
		pressed = pressed || t.Pressed
		o.urgent = o.urgent || t.Urgent
		o.spill(&t)
		t.Recycle(o.queue)
	}
	for _, t := range o.tickets {
		if first <= t.upto {
			o.aim(t) // what it waits for is on disk now
		}
	}
	o.noticeDisk()
	return pressed
}

// A pile is events on their way from the queue to the disk, by record.
type pile struct {
	events  []cwl.Event
	records [][]cwl.Event
	first   int // of the last record
	born    time.Time
}

// spill moves events that were taken out of the queue to the disk. What the disk
// does not take stays in memory.
func (o *owner) spill(t *queue.Taking) {
	p := &o.disk.pile
	t.Each(func(e *cwl.Event, born time.Time) {
		if n := len(p.events); n > 0 && (e.Parts == nil || e.Parts != p.events[n-1].Parts) {
			p.records, p.first = append(p.records, p.events[p.first:n:n]), n
			if n >= spillTurn {
				o.writePile()
			}
		}
		if len(p.events) == 0 {
			p.born = born
		}
		p.events = append(p.events, *e)
		if grown := o.nameEvents(p.events[len(p.events)-1:]); grown != 0 {
			o.queue.Charge(grown)
		}
	})
	p.records = append(p.records, p.events[p.first:])
	o.writePile()
}

func (o *owner) writePile() {
	p := &o.disk.pile
	cost := o.appendAll(p.records, func(i int, _ error) {
		for j := range p.records[i] {
			o.add(&p.records[i][j], p.born)
		}
	})
	o.queue.Release(cost)
	clear(p.events) // let go of names and parts
	clear(p.records)
	p.events, p.records, p.first = p.events[:0], p.records[:0], 0
}

// appendAll puts records on the disk, counts those that it takes as spooled, and
// returns what they took of the queue's bound. The others go to left.
func (o *owner) appendAll(records [][]cwl.Event, left func(i int, err error)) (cost int) {
	return o.append(o.spool.AppendAll, records, left)
}

// append is appendAll by one of the spool's ways.
func (o *owner) append(save func([][]cwl.Event) (int, error), records [][]cwl.Event, left func(i int, err error)) (cost int) {
	var sum ledger.Sum
	for i := 0; i < len(records); i++ {
		n, err := 0, error(spool.ErrFull)
		if !o.disk.full {
			n, err = save(records[i:])
		}
		for _, record := range records[i : i+n] {
			for j := range record {
				e := &record[j]
				sum.Add(e.Time, e.Size, e.Level, e.Parts)
				cost += queue.Cost(e)
			}
		}
		if i += n; err != nil {
			o.notTaken(err)
			left(i, err)
		}
	}
	o.ledger.Settle(ledger.Spooled, "", &sum)
	o.tellGraver(&sum)
	return cost
}

// notTaken notes why the disk did not take a record. One that is full, or broken,
// is left alone for a moment; the policy decides meanwhile.
func (o *owner) notTaken(err error) {
	if o.disk.full {
		return // this is no news
	}
	if !errors.Is(err, spool.ErrFull) {
		o.report.disk(err)
	}
	if !errors.Is(err, spool.ErrTooLarge) {
		o.disk.full, o.disk.retry = true, o.now.Add(refusedFor)
		o.refusal.Store(NewDiskError(err))
		o.noDisk.Store(true)
		o.cramped.Store(true)
	}
}

// takeAway moves events from the queue into batches. Those who log while it is
// at it must not keep it from ever coming back.
func (o *owner) takeAway(all bool) (pressed bool) {
	for last := o.queue.Last(); ; {
		t := o.queue.Take(all, o.most())
		t.Each(o.add)
		o.urgent, pressed = o.urgent || t.Urgent, pressed || t.Pressed
		empty := t.Empty()
		t.Recycle(o.queue)
		if o.keepsHalf() || empty || o.queue.Left() > last {
			return pressed
		}
	}
}

// takeTurn is how many bytes of events are taken at once, so that the memory of
// some can be used again for others.
const takeTurn = 1 << 20

// most is how many bytes of events may be taken into batches. With a policy
// that drops what is in the queue, or a disk to put it on, half of the bound
// stays in the queue for that. Else what no request can take soon stays there:
// it takes less memory than in batches, and the next ones grow in that of the
// last.
func (o *owner) most() int {
	switch {
	case o.keepsHalf():
		return max(0, o.cfg.Queue.Bytes/2-o.held)
	case o.supplied():
		return 0
	}
	return takeTurn
}

// supplied reports whether more batches wait to be sent than can be under way.
// Those of a stream that fails don't count: they are not what others wait for. With
// a backlog one is enough, if with those that failed or are under way there are as
// many as memory is kept for: see reclaim.
func (o *owner) supplied() bool {
	sealed, fresh := len(o.flying), 0
	for _, s := range o.waiting {
		if s.stream.barred {
			continue
		}
		sealed++
		if s.fresh() {
			fresh++
		}
		if o.backlog && fresh > 0 && sealed > o.cfg.Window || !o.backlog && fresh > o.window.size {
			return true
		}
	}
	return false
}

// keepsHalf reports whether half of the bound stays in the queue.
func (o *owner) keepsHalf() bool {
	return o.cfg.Queue.Evicts() || o.spool != nil && !o.cfg.SpoolAlways
}
