package engine

import (
	"log/slog"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/queue"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// lose gives up events that no batch has, on the goroutine that logs: they are
// settled, told, noted for the record in the stream, and handed to the
// fallback.
func (e *Engine) lose(o ledger.Outcome, reason string, events []cwl.Event, cause error) {
	for len(events) > 0 {
		n := 1
		for n < len(events) && events[n].Stream == events[0].Stream {
			n++
		}
		e.loseRun(o, reason, events[:n], cause)
		events = events[n:]
	}
}

// loseRun is lose for events of one stream.
func (e *Engine) loseRun(o ledger.Outcome, reason string, events []cwl.Event, cause error) {
	levels := levelCounts.Get().(map[slog.Level]int64)
	defer func() { clear(levels); levelCounts.Put(levels) }()
	sum := ledger.Sum{Levels: levels}
	for i := range events {
		ev := &events[i]
		sum.Add(ev.Time, ev.Size, ev.Level, ev.Parts)
	}
	sum.Stream = events[0].Stream
	n := e.ledger.Settle(o, reason, &sum)
	e.tellGraver(&sum)
	e.tell(reason, n, &sum, cause)
	for i := range events {
		e.gaps.add(events[i].Stream, reason, events[i].Time, events[i].Level)
		events[i].Stream = e.named(events[i].Stream)
		e.completeEvent(&events[i])
		e.fallback.hand(&events[i], reason)
	}
}

// levelCounts has maps for loseRun: in an outage every call may end there, and
// should leave no garbage.
var levelCounts = sync.Pool{New: func() any { return make(map[slog.Level]int64) }}

// tellGraver reports the records that are lost although their last event is not:
// nobody was told when the others were, since the record was not closed then.
func (e *Engine) tellGraver(s *ledger.Sum) {
	for _, c := range s.Graver {
		if c.Outcome > ledger.Spooled {
			e.report.loss(Loss{Reason: c.Reason, Records: 1, Bytes: c.Bytes, First: s.First, Last: s.Last})
		}
	}
}

// tell reports a loss.
func (e *Engine) tell(reason string, records int64, s *ledger.Sum, cause error) {
	e.report.loss(Loss{
		Reason: reason, Records: records - int64(len(s.Graver)), Bytes: s.Bytes, Levels: s.Levels,
		First: s.First, Last: s.Last, Err: cause,
	})
}

// account settles some entries of a sealed batch.
func (o *owner) account(s *send, entries []batch.Entry, out ledger.Outcome, reason string, cause error) {
	if len(entries) == 0 {
		return
	}
	memory := ledger.Sum{Stream: s.stream.name}
	disk := ledger.Sum{Stream: s.stream.name, Spooled: true}
	if out > ledger.Spooled {
		memory.Levels, disk.Levels = make(map[slog.Level]int64), make(map[slog.Level]int64)
	}
	o.acks = o.acks[:0]
	for i := range entries {
		e := &entries[i]
		sum := &memory
		if e.Disk != 0 {
			sum = &disk
			o.acks = append(o.acks, spool.At(e.Disk))
		}
		sum.Add(e.Time, e.Size, e.Level, e.Parts)
	}
	for _, sum := range []*ledger.Sum{&memory, &disk} {
		n := o.ledger.Settle(out, reason, sum)
		if out > ledger.Spooled {
			o.tell(reason, n, sum, cause)
		}
		o.tellGraver(sum)
	}
	if out == ledger.Delivered {
		o.repeated()
	}
	o.ack()
	if out > ledger.Spooled {
		o.mourn(s, entries, reason)
	}
}

// mourn notes lost entries for the record in their stream, and hands them to
// the fallback, which has its own goroutine: this one must not run the user's
// code. The room of these events is given back when it is done.
func (o *owner) mourn(s *send, entries []batch.Entry, reason string) {
	for i := range entries {
		if e := &entries[i]; e.Parts != cwl.Own {
			o.gaps.add(s.stream.name, reason, e.Time, e.Level)
		}
	}
	if o.cfg.Fallback == nil {
		return
	}
	w := wake{reason: reason}
	for i := range entries {
		e := s.batch.Event(&entries[i])
		if e.Parts == cwl.Own {
			continue
		}
		cost := queue.Cost(&e)
		e.Fragment = append([]byte(nil), e.Fragment...)
		w.events = append(w.events, e)
		w.cost += cost
		s.cost -= cost
	}
	o.fallback.push(w)
}

// Refuse counts a record that cannot become an event, and tells of it.
func (e *Engine) Refuse(r Refusal) {
	e.ledger.Refuse(r.Stream, r.Reason, r.Bytes)
	ms := r.Time.UnixMilli()
	e.report.loss(Loss{
		Reason: r.Reason, Records: 1, Bytes: int64(r.Bytes), First: ms, Last: ms, Err: r.Err,
		Levels: map[slog.Level]int64{r.Level: 1},
	})
	e.gaps.add(r.Stream, r.Reason, ms, r.Level)
	e.queue.Nudge()
	if e.cfg.Fallback != nil {
		ev := e.cfg.Rewrite.Compose(ms, r.Message)
		ev.Stream, ev.Level = e.named(r.Stream), r.Level
		e.fallback.hand(&ev, r.Reason)
	}
}

// A Refusal is a record that cannot become an event.
type Refusal struct {
	Reason string
	Stream string
	Time   time.Time
	Level  slog.Level

	// Message is what the fallback gets; Bytes is the length that it would
	// have had.
	Message string
	Bytes   int
	Err     error
}
