package engine

import (
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
)

// restAfter is how long what was used is kept for the next batches when there
// are none: an idle program keeps no memory, and one that is busy again and again
// does not make it anew each time.
const restAfter = 10 * time.Second

// restFailures is how many failures in a row show that nothing will be used soon.
const restFailures = 2

// largeBatch is what makes memory worth keeping, in bytes: less is quickly made
// anew.
const largeBatch = 64 << 10

// mostUnused is the part of the queue's bound that batches may have without using
// it when one more is made as large as the last: a quarter.
const mostUnused = 4

// A spare is what batches grew in, for the next ones.
type spare struct {
	free  []batch.Memory
	since time.Time // when the last batch left; zero while there are some
	given bool      // all was given up since
}

// memoryFor returns memory for a batch of that stream: none kept from others
// unless its last ones needed as much, or a thousand quiet streams would come to
// hold a batch's worth each. New memory is made as large as that of the last, since
// what grows from nothing leaves more garbage than it holds; but only while batches
// have little that they don't use: a thousand streams that were busy would hold as
// much.
func (o *owner) memoryFor(st *stream) batch.Memory {
	if st.bytes < largeBatch {
		return batch.Memory{}
	}
	free := o.spare.free
	if last := len(free) - 1; last >= 0 {
		o.spare.free = free[:last]
		return free[last]
	}
	if o.unused()+st.bytes > o.cfg.Queue.Bytes/mostUnused {
		return batch.Memory{}
	}
	return batch.MakeMemory(st.bytes, st.events)
}

// unused is the memory that the owner's batches have and don't use, in bytes.
func (o *owner) unused() int {
	n := 0
	for _, b := range o.opened {
		n += b.Unused()
	}
	for _, s := range o.waiting {
		n += s.batch.Unused()
	}
	return n
}

// reclaim keeps the memory of a batch for the next one.
func (o *owner) reclaim(b *batch.Batch) {
	if m := b.Memory(); m.Bytes() >= largeBatch && len(o.spare.free) < o.cfg.Window+2 {
		o.spare.free = append(o.spare.free, m)
	}
}

// restDue returns when memory that nobody has used for a while is given up.
func (o *owner) restDue() time.Time {
	m := &o.spare
	switch {
	case len(o.opened)+len(o.flying)+len(o.waiting) > 0:
		m.since, m.given = time.Time{}, false
	case m.since.IsZero():
		m.since = o.now
	}
	if m.since.IsZero() || m.given {
		return time.Time{}
	}
	return m.since.Add(restAfter)
}

// rest gives memory up when it is time to.
func (o *owner) rest() {
	if due := o.restDue(); due.IsZero() || o.now.Before(due) {
		return
	}
	o.spare.given = true
	o.spare.free, o.waiting = nil, nil
	o.queue.Rest()
}
