package watchtower

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/watchtower-go/watchtower/internal/engine"
)

// ErrClosed is the error of logging through a Handler after Close.
var ErrClosed = errors.New("watchtower: handler is closed")

// What Handle returns when it drops a record: made once, so that dropping is
// cheap.
var (
	errQueueFull error = &DropError{Reason: ReasonQueueFull, Events: 1}
	errSpoolFull error = &DropError{Reason: ReasonSpoolFull, Events: 1}
	errClosed    error = &DropError{Reason: ReasonClosed, Events: 1, Err: ErrClosed}
)

// A DropError tells of records that will not be delivered. One that OnError
// gets sums up the losses of a moment that have the same reason; one that
// Handle returns is about its record, and when there was no room or the
// handler was closed it has neither Bytes nor times, so that dropping stays cheap.
type DropError struct {
	// Reason is one of the Reason constants.
	Reason string
	// Events is the number of records lost, Bytes the length of their
	// messages in UTF-8 bytes.
	Events, Bytes int64
	// Levels has the number of events by level, where OnError gets them.
	Levels map[slog.Level]int64
	// First and Last are the earliest and the latest time of these records.
	First, Last time.Time
	// Err is what caused the loss, where there is more to say: a [*SpoolError]
	// of a loss on disk, or in memory when the disk took nothing either, a
	// [*SendError] of what was left at the end.
	Err error
}

func (e *DropError) Error() string {
	what := "dropped"
	switch e.Reason {
	case ReasonTooOld, ReasonTooNew, ReasonExpired, ReasonInvalid:
		what = "rejected"
	}
	s := fmt.Sprintf("%s %s (%s", counted(int(e.Events), "record"), what, e.Reason)
	if e.Bytes > 0 {
		s += ", " + counted(int(e.Bytes), "byte")
	}
	s += ")"
	if !e.First.IsZero() {
		s += fmt.Sprintf(", from %s to %s", e.First.UTC().Format(time.RFC3339Nano), e.Last.UTC().Format(time.RFC3339Nano))
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// counted is a number of things, in words.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// Unwrap returns the cause.
func (e *DropError) Unwrap() error { return e.Err }

// A CloseError tells that records were not delivered: while the handler was
// open, or because Close ran out of time. Records that are kept on disk for the
// next process are no loss.
type CloseError struct {
	// Stats is the ledger at the end.
	Stats Stats
	// Err is why Close did not wait longer, such as context.DeadlineExceeded,
	// with the last failure of a request as a [*SendError], or nil.
	Err error
}

func (e *CloseError) Error() string {
	lost, were := e.Stats.Rejected+e.Stats.Dropped, "were"
	if lost == 1 {
		were = "was"
	}
	s := fmt.Sprintf("%d of %s %s not delivered (%d rejected, %d dropped)",
		lost, counted(int(e.Stats.Accepted+e.Stats.Recovered), "record"), were, e.Stats.Rejected, e.Stats.Dropped)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns why Close did not wait longer.
func (e *CloseError) Unwrap() error { return e.Err }

// A PendingError tells that records were not settled when a wait for them ended.
// Nothing is lost by it: they are delivered later, or a [*DropError] tells of
// them. Handle and Put return one with Options.Sync when BlockTimeout, or the
// context of Put, has ended; OnError gets one when the budget of [FlushOnSignal] has.
type PendingError struct {
	// Records is the number of records that are pending.
	Records int64
	// Err is why the wait ended, such as context.DeadlineExceeded.
	Err error
}

func (e *PendingError) Error() string {
	are := "are"
	if e.Records == 1 {
		are = "is"
	}
	return fmt.Sprintf("%s %s still pending: %v", counted(int(e.Records), "record"), are, e.Err)
}

// Unwrap returns why the wait ended.
func (e *PendingError) Unwrap() error { return e.Err }

// dropError tells of a loss in public terms.
func dropError(l engine.Loss) *DropError {
	d := &DropError{Reason: l.Reason, Events: l.Records, Bytes: l.Bytes, Levels: l.Levels, Err: public(l.Err)}
	if l.Err != nil && (l.Reason == ReasonSpoolFull || l.Reason == ReasonDamaged) {
		d.Err = public(engine.NewDiskError(l.Err))
	}
	if l.Last != 0 {
		d.First, d.Last = time.UnixMilli(l.First), time.UnixMilli(l.Last)
	}
	return d
}
