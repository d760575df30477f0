package watchtower

import (
	"errors"
	"fmt"
	"time"
)

// ErrClosed is the error of logging through a Handler after Close.
var ErrClosed = errors.New("watchtower: handler is closed")

// What Handle returns when it drops a record: made once, so that dropping is
// cheap.
var (
	errQueueFull error = &DropError{Reason: ReasonQueueFull, Events: 1}
	errClosed    error = &DropError{Reason: ReasonClosed, Events: 1, Err: ErrClosed}
)

// A DropError tells of records that will not be delivered. One that OnError
// gets sums up the losses of a moment that have the same reason; one that
// Handle returns is about its record, and when the queue was full or the
// handler closed it has neither Bytes nor times, so that dropping stays cheap.
type DropError struct {
	// Reason is one of the Reason constants.
	Reason string
	// Events is the number of records lost, Bytes the length of their
	// messages in UTF-8 bytes.
	Events, Bytes int64
	// First and Last are the earliest and the latest time of these records.
	First, Last time.Time
	// Err is what caused the loss, where there is more to say.
	Err error
}

func (e *DropError) Error() string {
	s := fmt.Sprintf("%d records dropped (%s, %d bytes)", e.Events, e.Reason, e.Bytes)
	if !e.First.IsZero() {
		s += fmt.Sprintf(", from %s to %s", e.First.UTC().Format(time.RFC3339Nano), e.Last.UTC().Format(time.RFC3339Nano))
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *DropError) Unwrap() error { return e.Err }

// A CloseError tells that Close ran out of time, and what was not delivered
// from first to last: records lost before Close are in its ledger too.
type CloseError struct {
	// Stats is the ledger at the end.
	Stats Stats
	// Err is why Close did not wait longer, such as context.DeadlineExceeded.
	Err error
}

func (e *CloseError) Error() string {
	return fmt.Sprintf("closed with %d of %d records not delivered (%d rejected, %d dropped, %d spooled): %v",
		e.Stats.Rejected+e.Stats.Dropped+e.Stats.Spooled, e.Stats.Accepted, e.Stats.Rejected, e.Stats.Dropped, e.Stats.Spooled, e.Err)
}

// Unwrap returns why Close did not wait longer.
func (e *CloseError) Unwrap() error { return e.Err }
