package engine

import (
	"cmp"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/queue"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// agedEvery is how often the owner looks for events on disk that are too old to
// be sent. While the disk is full it looks whenever it looks for folders to adopt.
const agedEvery = time.Hour

// dropAged gives up what the service would refuse for its age. In an outage
// nothing else finds that out, and new records need the room on disk.
func (o *owner) dropAged() {
	if o.cfg.Restamp || !o.cramped.Swap(false) && o.now.Sub(o.disk.aged) < agedEvery {
		return
	}
	o.disk.aged = o.now
	o.dropAgedSends()
	for young := false; !young && o.roomy(); {
		n, err := o.spool.Read(diskTurn, func(e *cwl.Event, at spool.Position, m spool.Mark) bool {
			young = young || !m.TooOld()
			return o.fromDisk(e, at, m) && !young
		})
		o.disk.read += int64(n)
		if err != nil {
			o.report.disk(err)
		}
		if o.dropOld(); n == 0 {
			return
		}
	}
}

// dropAgedSends does the same for what is in batches.
func (o *owner) dropAgedSends() {
	oldest := o.now.Add(-cmp.Or(o.cfg.Spool.MaxAge, cwl.MaxAge)).UnixMilli()
	for _, b := range slices.Clone(o.opened) {
		if b.Max < oldest {
			o.sealBatch(b)
		}
	}
	for _, s := range slices.Clone(o.waiting) {
		if s.batch.Max < oldest && s.after == nil && s.twin == nil {
			i := slices.Index(o.waiting, s)
			o.waiting = slices.Delete(o.waiting, i, i+1)
			o.unshorten(s)
			o.settle(s, ledger.Dropped, ledger.TooOld, nil)
			o.admit(s.stream) // it may have been what that was tried with
		}
	}
}

// dropOld gives up events that the service would refuse for their age.
func (o *owner) dropOld() {
	if len(o.old) == 0 {
		return
	}
	byStream := make(map[string]*batch.Batch)
	for i := range o.old {
		e := &o.old[i]
		b := byStream[e.Stream]
		if b != nil && !b.Fits(e) {
			o.dropBatch(b)
			b = nil
		}
		if b == nil {
			b = batch.New(o.target, e.Stream, o.cfg.Limits, batch.Memory{})
			byStream[e.Stream] = b
		}
		o.queue.Charge(queue.Cost(e))
		b.Add(e, o.now)
	}
	for _, b := range byStream {
		o.dropBatch(b)
	}
	o.old, o.oldCost = nil, 0
}

// dropBatch settles a batch that is never sent.
func (o *owner) dropBatch(b *batch.Batch) {
	s := &send{batch: b, stream: &stream{name: b.Stream}, cost: batchCost(b)}
	s.stream.unsettled = []*send{s}
	o.held += s.cost
	b.Seal()
	o.settle(s, ledger.Dropped, ledger.TooOld, nil)
}
