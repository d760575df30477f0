// Package engine ships events: it takes them out of the queue, gathers them in
// batches, sends these with several requests in flight, tries again what may
// succeed later, and settles the account of each event in the ledger.
//
// One goroutine, the owner, has the open batches, the sealed ones that wait,
// the retry timer and the tickets of those who flush. Each send is a goroutine
// that has one sealed batch. Callers touch only the queue and the ledger.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/queue"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// Config tells an engine what to do. The fields up to Rewrite are required,
// but for Entity.
type Config struct {
	Client        *deliver.Client
	Settings      Settings   // Notify is set by New
	Entity        cwl.Entity // what the events are about; the zero value is none
	Limits        Limits
	FlushInterval time.Duration // how long an event may wait for its batch to fill
	Window        int           // most requests in flight at the same time
	MaxStreams    int           // open log streams
	Compress      bool
	Queue         Queue
	Rewrite       Rewrite

	// Home is the log stream, at a time in milliseconds, for what is not known
	// to be of another. If nil, there is none.
	Home func(unixMillis int64) string
	// Names, if not nil, completes the names of log streams.
	Names *Names
	// Restamp sends events that are too old or too new again, with the time
	// of now.
	Restamp bool
	// Notes, if not nil, has records of the library's own to be written.
	Notes Notes
	// NoGapRecords leaves out the records that tell of losses in the stream.
	NoGapRecords bool
	// Spool, if not nil, is where events go that memory cannot hold, or all
	// of them with SpoolAlways. Report is set by New.
	Spool       *Spool
	SpoolAlways bool

	// OnError hears of failures, OnLoss of records given up. Both are called
	// from one goroutine, never under a lock.
	OnError func(error)
	OnLoss  func(Loss)
	// Fallback takes events that are given up: from the goroutine that logs,
	// or from one of its own. The event is valid during the call.
	Fallback func(e *cwl.Event, reason string)
}

// Rewrite is how events are changed that were finished: the engine knows
// nothing of messages.
type Rewrite struct {
	Compose func(ms int64, msg string) cwl.Event
	Restamp func(e *cwl.Event, at time.Time) cwl.Event
	Shorten func(e *cwl.Event, limit int) cwl.Event
}

// An Engine ships the events of one log group. Its methods are safe for
// concurrent use.
type Engine struct {
	cfg      Config
	sender   *deliver.Sender
	target   batch.Target
	queue    *queue.Queue
	spool    *spool.Spool // nil if there is none
	recent   int          // bytes of the queue's bound that the spool may keep in memory
	ledger   ledger.Ledger
	report   *reporter
	fallback fallback
	gaps     gaps

	flushes   chan *ticket
	handovers chan *handover
	results   chan result
	cramped   atomic.Bool               // the disk has refused a record for want of room
	blocked   atomic.Int32              // calls that wait for room on the disk
	noDisk    atomic.Bool               // the disk did not take a record just now; the owner's to change
	refusal   atomic.Pointer[DiskError] // why it did not the last time

	ctx    context.Context // ends when Close gives up
	cancel context.CancelFunc
	// failure is the last one of a send that has not recovered, the owner's
	// until done.
	failure error
	gaveUp  bool          // the owner dropped or saved events at the end; set before done
	done    chan struct{} // closed when the owner has returned

	closing atomic.Bool
	closed  chan struct{} // closed when Close has finished
	left    error         // why Close gave up; set before closed
}

// New starts an engine. Close stops it. The error is of the spool's folder.
func New(cfg Config) (*Engine, error) {
	e := &Engine{
		cfg:       cfg,
		target:    batch.To(cfg.Settings.Group, cfg.Entity),
		queue:     queue.New(cfg.Queue),
		report:    newReporter(cfg.OnError, cfg.OnLoss),
		flushes:   make(chan *ticket),
		handovers: make(chan *handover),
		results:   make(chan result),
		done:      make(chan struct{}),
		closed:    make(chan struct{}),
	}
	e.gaps.off = cfg.NoGapRecords
	e.fallback = fallback{call: cfg.Fallback, release: e.queue.Release, panics: &panics{name: "Fallback"}}
	cfg.Settings.Notify = e.report.failure
	e.sender = deliver.New(cfg.Client, cfg.Settings)
	if err := e.openSpool(); err != nil {
		return nil, err
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	go newOwner(e).run()
	return e, nil
}

// Put accepts the events of one record, all or none. The fragments are copied.
// Its error is ErrFull, ErrSpoolFull, ErrClosed or the cause of ctx; the ledger
// and OnLoss know of the loss by then.
func (e *Engine) Put(ctx context.Context, events []cwl.Event) error {
	return e.put(ctx, events, false)
}

func (e *Engine) put(ctx context.Context, events []cwl.Event, urgent bool) error {
	e.ledger.Accept()
	if e.cfg.SpoolAlways {
		return e.putOnDisk(ctx, events)
	}
	evicted, err := e.enqueue(ctx, events, urgent)
	for _, c := range evicted {
		e.lose(ledger.Dropped, ledger.QueueFull, c.Events, e.diskRefusal())
		e.queue.Recycle(c)
	}
	if err == queue.ErrClosed {
		e.lose(ledger.Dropped, ledger.Closed, events, nil)
	} else if err != nil {
		cause := e.tooLong(events)
		if cause == nil {
			cause = e.diskRefusal()
		}
		e.lose(ledger.Dropped, ledger.QueueFull, events, cause)
	}
	return err
}

// tooLong is why events do not even find room in an empty queue, or nil.
func (e *Engine) tooLong(events []cwl.Event) error {
	cost, size, bound := 0, 0, e.cfg.Queue.Bytes
	for i := range events {
		cost += queue.Cost(&events[i])
		size += events[i].Size
	}
	if events[0].Level < slog.LevelError {
		bound -= e.cfg.Queue.Reserve
	}
	if cost <= bound {
		return nil
	}
	return fmt.Errorf("record of %d bytes is longer than the whole queue: raise QueueBytes, or lower MaxEventBytes", size)
}

// diskRefusal is why the disk does not take what the queue has no room for, or nil.
func (e *Engine) diskRefusal() error {
	if e.noDisk.Load() {
		return e.refusal.Load()
	}
	return nil
}

// enqueue puts the events of one record into the queue, or where that flows over to.
func (e *Engine) enqueue(ctx context.Context, events []cwl.Event, urgent bool) ([]*queue.Chunk, error) {
	if e.spool == nil {
		return e.queue.Put(ctx, events, urgent)
	}
	return e.putOrSpill(ctx, events, urgent)
}

// PutSync accepts the events of one record and waits until they are settled.
// When ctx ends earlier the record stays pending. An outcome other than
// Delivered comes with its reason.
func (e *Engine) PutSync(ctx context.Context, events []cwl.Event) (ledger.Outcome, string, error) {
	p := events[0].Parts
	if p == nil {
		p = &cwl.Parts{Left: len(events)}
		for i := range events {
			events[i].Parts = p
		}
	}
	p.Done = make(chan struct{})
	if err := e.put(ctx, events, true); err != nil {
		return ledger.Dropped, p.Reason, err
	}
	select {
	case <-p.Done:
		return ledger.Outcome(p.Worst), p.Reason, nil
	case <-ctx.Done():
		return ledger.Delivered, "", context.Cause(ctx)
	}
}

// Flush waits until every event accepted before the call is settled, or ctx
// ends, whose cause it returns. While the service fails it does not wait for
// events that are on disk. It makes attempts of its own then: see hasten.go.
func (e *Engine) Flush(ctx context.Context) error {
	return e.await(ctx, newTicket(ctx, false))
}

func (e *Engine) await(ctx context.Context, t *ticket) error {
	select {
	case e.flushes <- t:
	case <-e.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case <-t.done:
		return nil
	case <-e.done:
		return nil
	case <-ctx.Done():
		t.gone.Store(true)
		return context.Cause(ctx)
	}
}

// Close refuses further events, waits like Flush, but also for events on disk
// whose delivery fails, and stops. What is not settled when ctx ends stays on
// disk, or is dropped and counted; then the cause of ctx is returned. Later calls wait for the first and return the same, unless their
// own ctx ends earlier.
func (e *Engine) Close(ctx context.Context) error {
	if e.closing.CompareAndSwap(false, true) {
		e.queue.Close()
		e.left = e.await(ctx, newTicket(ctx, true))
		if e.left == nil {
			// Once more for the records that tell of losses: those of the last
			// sends, and of an outage that ended meanwhile.
			e.left = e.await(ctx, newTicket(ctx, true))
		}
		e.cancel()
		<-e.done
		if !e.gaveUp {
			e.left = nil // ctx ended, but there was nothing more to wait for
		}
		e.fallback.wait()
		e.sender.Close()
		e.report.close(ctx)
		close(e.closed)
		return e.left
	}
	select {
	case <-e.closed:
		return e.left
	default:
	}
	select {
	case <-e.closed:
		return e.left
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Closed reports whether Close has ended.
func (e *Engine) Closed() bool {
	select {
	case <-e.closed:
		return true
	default:
		return false
	}
}

// Ended is closed when Close has ended.
func (e *Engine) Ended() <-chan struct{} { return e.closed }

// Failure is the last failure of a request that had not recovered when Close
// ended, or nil.
func (e *Engine) Failure() error { return e.failure }

// Counts returns the ledger.
func (e *Engine) Counts() ledger.Counts {
	c := e.ledger.Counts()
	e.nameCounts(&c)
	return c
}

// Used is the memory that events take at the moment, in bytes of the queue's
// bound.
func (e *Engine) Used() int { return e.queue.Used() }
