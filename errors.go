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
	// Levels has the number of events by level, where OnError gets them.
	Levels map[slog.Level]int64
	// First and Last are the earliest and the latest time of these records.
	First, Last time.Time
	// Err is what caused the loss, where there is more to say.
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
	// with the last failure of a request, or nil.
	Err error
}

func (e *CloseError) Error() string {
	s := fmt.Sprintf("%d of %d records were not delivered (%d rejected, %d dropped)",
		e.Stats.Rejected+e.Stats.Dropped, e.Stats.Accepted+e.Stats.Recovered, e.Stats.Rejected, e.Stats.Dropped)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns why Close did not wait longer.
func (e *CloseError) Unwrap() error { return e.Err }

// A SendError tells that a request failed. Nothing is lost by it: the batch is
// sent again, unless a [*DropError] says otherwise.
type SendError struct {
	// Kind is what failed, by name: throttled, unavailable, timeout, connection
	// reset, unreachable, name not found, denied, expired credentials, no
	// credentials, clock skew, missing, invalid, too large, or other.
	Kind string
	// Err is the client's error.
	Err error
}

func (e *SendError) Error() string { return e.Err.Error() + " (" + e.Kind + ")" }

// Unwrap returns the client's error.
func (e *SendError) Unwrap() error { return e.Err }

// A RecoveredError tells that delivery works again: nothing is wrong any more.
type RecoveredError struct {
	LogGroupName string
	// Failures is the number of requests that failed.
	Failures int
	// Outage is the time from the first failure until all was delivered that
	// had failed.
	Outage time.Duration
}

func (e *RecoveredError) Error() string {
	return fmt.Sprintf("delivery to log group %q works again after %s in %s", e.LogGroupName, counted(e.Failures, "failure"), e.Outage.Round(time.Millisecond))
}

// public puts an error of the engine in public terms.
func public(err error) error {
	switch e := err.(type) {
	case *engine.SendError:
		return &SendError{Kind: e.Kind, Err: e.Err}
	case *engine.RecoveredError:
		return &RecoveredError{LogGroupName: e.Group, Failures: e.Failures, Outage: e.Outage}
	}
	return err
}

// dropError tells of a loss in public terms.
func dropError(l engine.Loss) *DropError {
	d := &DropError{Reason: l.Reason, Events: l.Records, Bytes: l.Bytes, Levels: l.Levels, Err: l.Err}
	if l.Last != 0 {
		d.First, d.Last = time.UnixMilli(l.First), time.UnixMilli(l.Last)
	}
	return d
}
