package engine

import (
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/internal/ledger"
)

// abandon is the end: senders are cancelled by now. What is not settled goes
// to the disk, if there is one, or is dropped.
func (o *owner) abandon() {
	o.timer.Stop()
	for empty := false; !empty; {
		t := o.queue.Take(true, takeTurn)
		t.Each(o.add)
		empty = t.Empty()
		t.Recycle(o.queue)
	}
	o.queue.Rest()
	o.sealAll()
	o.land()
	o.sealAll()
	o.keepAll()
	o.keepOwn()
	o.closeDisk()
}

// heldUp is how long senders that are cancelled have to return before what
// waits is kept without them.
const heldUp = 500 * time.Millisecond

// land takes the results of all senders. What they come back with belongs
// before what waits, so that is not kept before; unless a sender is held up by
// a record of its own, logged in Sync mode from below, which is among that.
func (o *owner) land() {
	late := time.NewTimer(heldUp)
	defer late.Stop()
	deaf := time.NewTimer(deafAfter)
	defer deaf.Stop()
	for len(o.flying) > 0 {
		select {
		case r := <-o.results:
			delete(o.flying, r.send)
			if r.err != nil {
				o.failed(r)
			} else {
				o.succeeded(r)
			}
		case <-late.C:
			o.keepAll()
		case <-deaf.C:
			o.forsake()
		}
	}
}

// keepAll saves or drops what is not under way, of each stream in the order of
// sealing: that is the order in which the next process sends it. Those that wait
// are in another, since a send that fails goes to the end of the line.
func (o *owner) keepAll() {
	if len(o.waiting) == 0 {
		return
	}
	o.gaveUp = true
	var sends []*send
	for len(o.waiting) > 0 {
		for _, s := range o.waiting[0].stream.unsettled {
			if i := slices.Index(o.waiting, s); i >= 0 {
				o.waiting = slices.Delete(o.waiting, i, i+1)
				sends = append(sends, s)
			}
		}
	}
	for _, s := range sends {
		o.doubt(s)
	}
	left, err := o.toDisk(sends)
	if err == nil {
		err = o.failure
	}
	for _, s := range sends {
		o.account(s, left[s], ledger.Dropped, ledger.Closed, err)
		o.retire(s)
	}
}
