package engine

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/queue"
)

// sendTimeout bounds one send, the creation of a group and a stream included.
const sendTimeout = 60 * time.Second

// A send is a sealed batch on its way. The owner has it, except for the batch
// while the send is under way: then its goroutine has that.
type send struct {
	batch   *batch.Batch
	stream  *stream
	cost    int  // of the queue's bound
	onDisk  bool // all of its events are
	lost    bool // an answer was lost: the events may be stored already
	failed  bool // at least once
	tickets []*ticket
	resent  bool          // some of its events went into other batches
	built   chan struct{} // of a launch: closed when the sender has the body
	// failures are the breaker's at the time of the launch.
	failures int
	// twin is the later half of a refused batch whose earlier half this is;
	// that one waits until it is known what became of this one.
	twin  *send
	after *send
	cause error // of the refusal that made halves, or a shorter event
	slow  int   // requests in a row whose time was up before the body was through
	// whole is the refused event of which this send has a shorter form, while
	// it is not known whether that helps.
	whole *batch.Batch
}

// A result is what became of one send.
type result struct {
	send       *send
	answer     deliver.Answer
	err        error
	body, wire int           // bytes
	took       time.Duration // from the launch to the answer
}

// seal makes a send of the batch in a slot, which is empty then.
func (o *owner) seal(st *stream, slot **batch.Batch) {
	b := *slot
	*slot = nil
	b.Seal()
	o.shut(b)
	o.pace.leave(o.now)
	s := o.join(st, b)
	if s == nil {
		s = &send{batch: b, stream: st, cost: batchCost(b), onDisk: o.spool != nil && onDisk(b)}
		st.unsettled = append(st.unsettled, s)
		o.waiting = append(o.waiting, s)
	}
	st.expect(s.batch)
	for _, t := range o.tickets {
		o.enroll(t, s)
	}
}

// join puts the events of a batch into the stream's last send, if that has not
// left and has room for them. Somebody who flushes after each record in an outage
// would have a send for each of them otherwise. One that may be stored already
// takes no others: it is sent again as it was.
func (o *owner) join(st *stream, b *batch.Batch) *send {
	if len(st.unsettled) == 0 {
		return nil
	}
	s := st.unsettled[len(st.unsettled)-1]
	if s.lost || s.after != nil || s.whole != nil || !slices.Contains(o.waiting, s) || !s.batch.Absorb(b, o.limits) {
		return nil
	}
	s.cost += batchCost(b)
	s.onDisk = s.onDisk && onDisk(b)
	o.reclaim(b)
	return s
}

// batchCost is what the events of a batch take of the queue's bound.
func batchCost(b *batch.Batch) int {
	n := b.FragmentBytes() + b.Len()*queue.EventCost
	for i := range b.Entries {
		n += queue.Wait(b.Entries[i].Parts)
	}
	return n
}

// onDisk reports whether all events of a batch are on disk, our own aside.
func onDisk(b *batch.Batch) bool {
	return !slices.ContainsFunc(b.Entries, func(e batch.Entry) bool { return e.Disk == 0 && e.Parts != cwl.Own })
}

// sealFull seals a batch that has no room left. More events of its last
// millisecond may be on their way, so these stay behind where they can.
func (o *owner) sealFull(st *stream, slot **batch.Batch) {
	var rest *batch.Batch
	if slot == &st.open {
		st.expect(*slot)
		rest = (*slot).CutLast(func() batch.Memory { return o.memoryFor(st) })
	}
	o.seal(st, slot)
	if rest != nil {
		*slot = rest
		o.open(rest, rest.Born)
	}
}

// sealBatch seals one open batch.
func (o *owner) sealBatch(b *batch.Batch) {
	st := o.streams.byName[b.Stream]
	if st.late == b {
		o.seal(st, &st.late)
		return
	}
	o.seal(st, &st.open)
}

// sealAll seals every open batch.
func (o *owner) sealAll() {
	for len(o.opened) > 0 {
		o.sealBatch(o.opened[0])
	}
}

// sealLargest makes room: it seals the batches with the longest bodies, a sixteenth of all
// that is held, and twice as many as can be under way at least. The others go on filling:
// with a thousand streams, requests carry almost twice as much as if all were sealed.
// Before them go as many as can be under way of those that are due: with a window of one
// there would never be a moment for these, as long as the queue is nearly full.
func (o *owner) sealLargest() {
	for n := 0; n < o.window.size && len(o.opened) > 0 && !o.opened[0].Due.After(o.now); n++ {
		o.sealBatch(o.opened[0])
	}
	largest := slices.Clone(o.opened)
	slices.SortFunc(largest, func(x, y *batch.Batch) int { return cmp.Compare(y.BodyBytes(), x.BodyBytes()) })
	room := o.held / 16
	for i, b := range largest {
		if room <= 0 && i >= 2*o.window.size {
			return
		}
		room -= batchCost(b)
		o.sealBatch(b)
	}
}

// dispatch starts as many sends as the window allows.
func (o *owner) dispatch() {
	if o.breaker.open(o.now) {
		return
	}
	for len(o.waiting) > 0 && o.mayLaunch() {
		i := o.next()
		if i < 0 {
			return
		}
		s := o.waiting[i]
		o.waiting = slices.Delete(o.waiting, i, i+1)
		o.breaker.again = o.breaker.failures > 0 && !s.failed
		o.launch(s)
	}
}

// next is the place in the line of the send that goes next, or -1. While one
// alone finds out whether the service is back, one that has not failed and one
// that has take turns: what a stream cannot deliver must hold up neither what
// is behind it in the queue nor what failed with the service.
func (o *owner) next() int {
	sendable := slices.IndexFunc(o.waiting, func(s *send) bool { return !s.blocked() })
	if o.breaker.failures == 0 {
		return sendable
	}
	other := slices.IndexFunc(o.waiting, func(s *send) bool { return s.failed == o.breaker.again && !s.blocked() })
	if other >= 0 {
		return other
	}
	return sendable
}

// fresh reports whether s can be sent and has not failed yet.
func (s *send) fresh() bool { return !s.failed && !s.blocked() }

// mayLaunch reports whether one more send may be under way. After a failure
// one alone finds out whether the service is back.
func (o *owner) mayLaunch() bool {
	if o.breaker.failures > 0 && len(o.flying) > 0 {
		return false
	}
	return o.window.room(len(o.flying))
}

// launch sends one batch from a goroutine of its own. The owner waits for its
// result before it returns.
func (o *owner) launch(s *send) {
	o.flying[s] = true
	s.failures, s.built = o.breaker.failures, make(chan struct{})
	go func() {
		growStack()
		ctx, cancel := context.WithTimeout(o.ctx, sendTimeout)
		defer cancel()
		begin := time.Now()
		r := o.post(ctx, s)
		r.took = time.Since(begin)
		select {
		case o.results <- r:
		case <-o.done: // too late: see forsake
		}
	}()
}

// post makes the request. It runs in the sender's goroutine.
func (e *Engine) post(ctx context.Context, s *send) result {
	body := s.batch.Body()
	req := deliver.Request{Stream: s.batch.Stream, Body: body}
	close(s.built)
	if e.cfg.Compress && e.sender.Compress() {
		buf := compressed.Get().(*[]byte)
		defer compressed.Put(buf)
		z, pays := batch.Gzip(*buf, body)
		if *buf = z; pays {
			req.Gzip = z
		}
	}
	answer, err := e.sender.Put(ctx, req)
	wire := len(body)
	if answer.Compressed {
		wire = len(req.Gzip)
	}
	return result{send: s, answer: answer, err: err, body: len(body), wire: wire}
}

// compressed has buffers for compressed bodies.
var compressed = sync.Pool{New: func() any { return new([]byte) }}

// growStack makes room on the stack for a request and its compression, in one step
// and while there is little on it to be copied. It would grow in three or four, each
// deeper in the SDK than the one before: that is about a fifth of what a small request
// costs. With half of it a compressed body makes the stack grow once more.
//
//go:noinline
func growStack() {
	var room [stackOfRequest]byte
	touch(&room)
}

const stackOfRequest = 16 << 10

//go:noinline
func touch(room *[stackOfRequest]byte) { room[0] = 1 }
