package engine

import (
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// barredShare is the part of the queue's bound that a barred stream may fill with
// events from the disk.
const barredShare = 8

// bar notes that a log stream is missing or denied, which may be its own trouble
// alone: others are delivered meanwhile. What it has in memory from the disk is
// left there, but for a little with which it is tried again, since all that is on
// disk comes through the same memory. What is behind that which is left is left
// too, or it would overtake it.
func (o *owner) bar(failed *send, kind deliver.Kind) {
	if o.spool == nil || kind != deliver.Missing && kind != deliver.Denied {
		return
	}
	st := failed.stream
	st.barred = true
	kept := failed.cost
	for _, s := range slices.Clone(st.unsettled) {
		i := slices.Index(o.waiting, s)
		switch {
		case s == failed:
		case i >= 0 && (st.left > 0 || kept+s.cost > o.barredMost()) && s.twin == nil && s.after == nil && leavable(s.batch):
			o.waiting = slices.Delete(o.waiting, i, i+1)
			o.leave(s)
		default:
			kept += s.cost
		}
	}
	for _, slot := range []**batch.Batch{&st.late, &st.open} {
		if b := *slot; b != nil && st.leaves(o.barredMost()) && leavable(b) {
			*slot = nil
			o.shut(b)
			s := &send{batch: b, stream: st, cost: batchCost(b)}
			st.unsettled = append(st.unsettled, s)
			o.leave(s)
		}
	}
}

// barredMost is how much a barred stream may have in memory from the disk.
func (o *owner) barredMost() int { return o.cfg.Queue.Bytes / barredShare }

// leaves reports whether what comes next of a stream stays on disk, because so did
// what was before it, or because there is enough in memory.
func (s *stream) leaves(most int) bool { return s.left > 0 || s.barred && s.held() > most }

// leavable reports whether a batch has nothing but whole records from the disk.
func leavable(b *batch.Batch) bool {
	return !slices.ContainsFunc(b.Entries, func(e batch.Entry) bool { return e.Disk == 0 || e.Again || e.Parts != nil })
}

// leave gives up a send whose events stay on the disk, to be read again.
func (o *owner) leave(s *send) {
	for i := range s.batch.Entries {
		o.spool.Leave(spool.At(s.batch.Entries[i].Disk))
	}
	s.stream.left += s.batch.Len()
	o.retire(s)
}

// leaveEvent reports whether an event that was just read is left on the disk,
// because its stream is barred and has enough in memory, or others of it were left.
// A record is left whole.
func (o *owner) leaveEvent(e *cwl.Event, at spool.Position, m spool.Mark) bool {
	if o.disk.record != nil {
		return false // it was begun before
	}
	st := o.streams.byName[e.Stream]
	if !o.disk.leaving && (st == nil || m.TooOld() || !st.leaves(o.barredMost())) {
		return false
	}
	o.disk.leaving = !m.Last()
	st.left++
	o.spool.Leave(at)
	return true
}

// held is what a stream has in batches, in bytes of bodies.
func (s *stream) held() (n int) {
	for _, b := range []*batch.Batch{s.open, s.late} {
		if b != nil {
			n += b.FragmentBytes()
		}
	}
	for _, u := range s.unsettled {
		n += u.cost
	}
	return n
}

// admit notes that a stream takes events: those that were left on the disk are
// read again.
func (o *owner) admit(st *stream) {
	if st.barred = false; st.left > 0 {
		o.disk.again = true
		o.noticeDisk()
	}
}

// againEvery is the least time between two readings of what was left: with it
// comes all that was left of other streams, which may be barred still.
const againEvery = time.Second

// readAgain makes what was left on the disk come again, if it should.
func (o *owner) readAgain() {
	if !o.disk.again || o.disk.record != nil || o.disk.leaving || o.now.Before(o.disk.reread) {
		return
	}
	o.ahead(func() {
		if o.spool.ReadAgain() {
			o.disk.again, o.disk.reread = false, o.now.Add(againEvery)
			for _, st := range o.streams.byName {
				st.left = 0
			}
		}
	})
}

// ahead does something that brings events before those that wait on disk.
func (o *owner) ahead(do func()) {
	before := o.spool.Backlog().Unread
	do()
	more := o.spool.Backlog().Unread - before
	for _, t := range o.tickets {
		t.disk += more
	}
}
