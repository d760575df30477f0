package engine

import (
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/queue"
)

// Notes has records of the library's own to be written into log streams. The
// owner calls it: it must not block, nor run code of the user's.
type Notes interface {
	// Due is when there is something to write, or zero while there is nothing.
	// When that becomes earlier, Engine.Wake must be called.
	Due() time.Time
	// Take returns what is due now or, with all, whatever there is, and forgets it.
	Take(now time.Time, all bool) []Note
}

// A Note is a record of the library's own.
type Note struct {
	Stream  string
	Level   slog.Level
	Message string
}

// Wake makes the engine look at Config.Notes.
func (e *Engine) Wake() { e.queue.Nudge() }

// notesDue is when there is a note to be written, or zero.
func (o *owner) notesDue() time.Time {
	if o.cfg.Notes == nil {
		return time.Time{}
	}
	return o.cfg.Notes.Due()
}

// writeNotes puts notes into their streams, once the service works.
func (o *owner) writeNotes(all bool) {
	if o.breaker.failures == 0 {
		o.addOwn(o.composeNotes(all))
	}
}

// composeNotes makes events of notes.
func (o *owner) composeNotes(all bool) (events []cwl.Event) {
	if o.cfg.Notes == nil {
		return nil
	}
	for _, n := range o.cfg.Notes.Take(o.now, all) {
		e := o.cfg.Rewrite.Compose(o.now.UnixMilli(), n.Message)
		e.Stream, e.Level, e.Parts = o.named(n.Stream), n.Level, cwl.Own
		events = append(events, e)
	}
	return events
}

// addOwn puts events of our own into batches.
func (o *owner) addOwn(events []cwl.Event) {
	for i := range events {
		o.queue.Charge(queue.Cost(&events[i]))
		o.add(&events[i], o.now)
	}
}
