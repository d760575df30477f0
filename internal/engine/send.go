package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
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
	lost    bool // an answer was lost: the events may be stored already
	failed  bool // at least once
	tickets []*ticket
	// failures are the breaker's at the time of the launch.
	failures int
}

// A ticket is somebody's wait for a number of sends.
type ticket struct {
	left int
	done chan struct{}
}

// add makes the ticket wait for s too.
func (t *ticket) add(s *send) {
	t.left++
	s.tickets = append(s.tickets, t)
}

// A result is what became of one send.
type result struct {
	send       *send
	answer     deliver.Answer
	err        error
	body, wire int // bytes
}

// seal makes a send of the batch in a slot, which is empty then.
func (o *owner) seal(st *stream, slot **batch.Batch) {
	s := &send{batch: *slot, stream: st}
	*slot = nil
	s.batch.Seal()
	s.cost = s.batch.FragmentBytes() + s.batch.Len()*queue.EventCost
	st.unsettled = append(st.unsettled, s)
	o.waiting = append(o.waiting, s)
}

// sealFull seals a batch that has no room left. More events of its last
// millisecond may be on their way, so these stay behind where they can.
func (o *owner) sealFull(st *stream, slot **batch.Batch) {
	var rest *batch.Batch
	if slot == &st.open {
		rest = (*slot).CutLast(o.memory)
	}
	o.seal(st, slot)
	if rest != nil {
		*slot = rest
		o.opened = append(o.opened, rest)
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
	for b := o.oldest(); b != nil; b = o.oldest() {
		o.sealBatch(b)
	}
}

// dispatch starts as many sends as the window allows.
func (o *owner) dispatch() {
	window := o.cfg.Window
	if o.breaker.failures > 0 {
		if o.now.Before(o.breaker.until) {
			return
		}
		window = 1 // one send finds out whether the service is back
	}
	for i := 0; i < len(o.waiting) && len(o.flying) < window; {
		s := o.waiting[i]
		if s.blocked() {
			i++
			continue
		}
		o.waiting = slices.Delete(o.waiting, i, i+1)
		o.launch(s)
	}
}

// launch sends one batch from a goroutine of its own. The owner waits for its
// result before it returns.
func (o *owner) launch(s *send) {
	o.flying[s] = true
	s.failures = o.breaker.failures
	go func() {
		ctx, cancel := context.WithTimeout(o.ctx, sendTimeout)
		defer cancel()
		o.results <- o.post(ctx, s)
	}()
}

// post makes the request. It runs in the sender's goroutine.
func (e *Engine) post(ctx context.Context, s *send) result {
	body := s.batch.Body()
	req := deliver.Request{Stream: s.batch.Stream, Body: body}
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
