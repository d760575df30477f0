package watchtower

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/encode"
	"github.com/watchtower-go/watchtower/internal/engine"
	"github.com/watchtower-go/watchtower/internal/streamname"
)

// A Handler is a [slog.Handler] whose records go to a log group of CloudWatch
// Logs. Handlers derived from it with WithAttrs, WithGroup and Named share its
// core: Flush, Close and Stats on any of them speak for all. Its methods are
// safe for concurrent use.
type Handler struct {
	core *core
	enc  *encode.Encoder
	name *streamname.Name
}

// core is what derived handlers share.
type core struct {
	opts     Options // with defaults
	template *streamname.Template
	fields   []field
	engine   *engine.Engine
	console  *console // nil with an OnError of the user's
	sampler  *sampler // nil without Sampling

	ended sync.Once
	left  error // what Close returns, once it has ended
}

// Named returns a handler for the logger of that name, as in "app.db". The
// name stands for {logger_name} in the log stream's name and is the field
// "logger" of each record.
func (h *Handler) Named(name string) *Handler {
	return &Handler{core: h.core, enc: h.enc.Named(name), name: h.core.template.Named(name)}
}

// Enabled reports whether records of the level are logged.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.core.opts.Level.Level()
}

// WithAttrs returns a handler that adds the attributes to each record. They
// are formatted now, once.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	return &Handler{core: h.core, enc: h.enc.WithAttrs(attrs), name: h.name}
}

// WithGroup returns a handler that puts the attributes to come into a group.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return &Handler{core: h.core, enc: h.enc.WithGroup(name), name: h.name}
}

// Handle formats the record and puts it into the queue. It does not look at
// ctx being cancelled. A record that is lost at once is returned as a
// [*DropError]; with Options.Sync the error also tells of a loss on the way, and
// is a [*PendingError] when the record is not settled after BlockTimeout.
// Handle never panics, whatever the record holds.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	if engine.FromSend(ctx) {
		return nil // logged by the client that sends: it would never end
	}
	return h.handle(context.Background(), ctx, nil, &r) // ctx may be cancelled: no matter
}

// HandleTop is Handle with attributes that stand at the top level, outside of all
// groups: after the logger's name and Options.Fields, before those of
// Options.ContextAttrs. Bridges to other loggers use it for what an entry has beside
// its fields, such as its source: a [*slog.Source] under slog.SourceKey is where the
// call was for Options.RecordAttrs too, if the record itself does not know.
func (h *Handler) HandleTop(ctx context.Context, top []slog.Attr, r slog.Record) error {
	if engine.FromSend(ctx) {
		return nil
	}
	return h.handle(context.Background(), ctx, top, &r)
}

// handle is HandleTop, and waits no longer than ctx. The record was logged with
// another context, or nil, which Options.ContextAttrs is asked about.
func (h *Handler) handle(ctx, logged context.Context, top []slog.Attr, r *slog.Record) error {
	var untold int64
	var from *place
	if s := h.core.sampler; s != nil {
		var keep bool
		if keep, untold, from = s.sample(h.name, r.Time, r.Level, r.Message); !keep {
			return nil
		}
	}
	if f := h.core.opts.ContextAttrs; f != nil && logged != nil {
		if attrs := contextAttrs(logged, f); len(top) == 0 {
			top = attrs
		} else {
			top = slices.Concat(top, attrs)
		}
	}
	b := encode.Get()
	defer b.Free()
	b.LeftOut(untold)
	err := h.enc.RecordTop(b, top, r)
	if err != nil {
		err = h.refuse(err, b, r.Message, r.Time, r.Level)
	} else {
		if from != nil {
			h.core.sampler.kept(from, b.Captured)
		}
		err = h.ship(ctx, b)
	}
	if untold > 0 {
		h.core.sampler.giveBack(from, untold, err)
	}
	return err
}

// ship names the log stream of the events in b and hands them over.
func (h *Handler) ship(ctx context.Context, b *encode.Buffer) error {
	events := b.Events()
	if b.Empty() {
		return h.refuse(errEmpty, b, "", time.UnixMilli(events[0].Time), events[0].Level)
	}
	stream := h.name.Expand(events[0].Time, b.Captured)
	for i := range events {
		events[i].Stream = stream
	}
	if h.core.opts.Sync {
		return h.shipSync(ctx, events)
	}
	switch err := h.core.engine.Put(ctx, events); err {
	case nil:
		return nil
	case engine.ErrFull:
		return errQueueFull
	case engine.ErrSpoolFull:
		return errSpoolFull
	case engine.ErrClosed:
		return errClosed
	default: // it waited for room
		if h.core.opts.Spool == SpoolAlways {
			return dropped(ReasonSpoolFull, events, err)
		}
		return dropped(ReasonQueueFull, events, err)
	}
}

// dropped tells of the loss of one record at once.
func dropped(reason string, events []cwl.Event, err error) *DropError {
	at := time.UnixMilli(events[0].Time)
	d := &DropError{Reason: reason, Events: 1, First: at, Last: at, Err: err}
	for i := range events {
		d.Bytes += int64(events[i].Size)
	}
	return d
}

// shipSync hands the events over and waits for what becomes of them.
func (h *Handler) shipSync(ctx context.Context, events []cwl.Event) error {
	if t := h.core.opts.BlockTimeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t)
		defer cancel()
	}
	outcome, reason, err := h.core.engine.PutSync(ctx, events)
	switch {
	case err == engine.ErrClosed:
		return errClosed
	case err == engine.ErrFull:
		return errQueueFull
	case err != nil && outcome == engine.Dropped: // it waited for room
		return dropped(reason, events, err)
	case err != nil:
		return fmt.Errorf("watchtower: %w", &PendingError{Records: 1, Err: err})
	case outcome == engine.Delivered:
		return nil
	}
	return dropped(reason, events, nil)
}

// errEmpty is the cause of a refusal.
var errEmpty = errors.New("the service takes no empty message")

// refuse counts a record that could not be made into an event. The fallback gets
// the message that is too long or, where there is none, msg.
func (h *Handler) refuse(err error, b *encode.Buffer, msg string, at time.Time, level slog.Level) error {
	reason, size := engine.Format, 0
	if long, ok := errors.AsType[*encode.SizeError](err); ok {
		reason, size = engine.Oversize, long.Size
		if h.core.opts.Fallback != nil {
			msg = b.Refused()
		}
	} else if err == errEmpty {
		reason = engine.Empty
	} else {
		msg = h.enc.RedactMessage(msg)
	}
	if at.IsZero() {
		at = time.Now() // as the event would have had
	}
	h.core.engine.Refuse(engine.Refusal{
		Reason: reason, Stream: h.name.Expand(at.UnixMilli(), nil), Time: at, Level: level, Message: msg, Bytes: size, Err: err,
	})
	return &DropError{Reason: reason, Events: 1, Bytes: int64(size), First: at, Last: at, Err: err}
}

// Flush waits until every record accepted before the call is delivered,
// rejected or dropped, or until ctx ends, whose cause it returns then. While
// deliveries fail it does not wait for records that are on disk (see
// Options.SpoolDir); Close does. With a context that never ends it waits for the
// others as long as an outage lasts.
//
// In an outage it does not wait for the pause between attempts: it makes one at
// once, others while its time runs out, and one shortly before the deadline of ctx.
// Many calls share a budget of eight such attempts, and one more every 10 s.
func (h *Handler) Flush(ctx context.Context) error { return h.core.engine.Flush(ctx) }

// Close refuses further records, flushes and stops. Give it a deadline: an
// outage may last longer than a program may, and a log group that is missing and
// not to be created, or a permission, for ever. Without one Close waits as long. It
// makes attempts as Flush does, with no budget: one at once, the last shortly before
// the deadline. Records that are not delivered when ctx ends are kept on disk, with
// Options.SpoolDir, or dropped; a Fallback then has a second to take them, or up to
// ten while it does, and OnError another to hear of it. A request of a Client that
// does not look at its context is left to itself after a second and a half; its
// records count as possible duplicates.
//
// The error is a [*CloseError] with the ledger if any record was rejected or
// dropped since the handler was made. Close may be called again: it returns the
// same, once the first call has ended or, with the cause of its own ctx, when
// that ends earlier.
func (h *Handler) Close(ctx context.Context) error {
	c := h.core
	err := c.engine.Close(ctx)
	if !c.engine.Closed() { // the first call is still at it
		return &CloseError{Stats: h.Stats(), Err: err}
	}
	c.ended.Do(func() {
		if c.console != nil {
			c.console.close()
		}
		if last := c.engine.Failure(); err != nil && last != nil {
			err = fmt.Errorf("%w; the last failure: %w", err, public(last))
		}
		if st := h.Stats(); st.Rejected+st.Dropped > 0 {
			c.left = &CloseError{Stats: st, Err: err}
		}
	})
	return c.left
}
