package watchtower

import (
	"errors"
	"fmt"
	"time"

	"github.com/watchtower-go/watchtower/internal/engine"
)

// A SendError tells that a request failed. Nothing is lost by it: the batch is
// sent again, unless a [*DropError] says otherwise.
type SendError struct {
	// Kind is what failed, one of the Kind constants.
	Kind string
	// Failures is the number of requests that have failed in this way since it
	// began, also those of which OnError was not told: 1 when it is told
	// first. Since is when it began. Both are zero in the error of Close.
	Failures int
	Since    time.Time
	// Err is the client's error, or a [*MissingError].
	Err error
}

// Kinds of a SendError.
const (
	KindThrottled     = "throttled"           // the service wants fewer requests
	KindUnavailable   = "unavailable"         // the service, or a proxy before it, answered with a 5xx
	KindTimeout       = "timeout"             // no connection or no answer in time
	KindReset         = "connection reset"    // the connection broke before the answer
	KindUnreachable   = "unreachable"         // refused, no route, TLS refused
	KindNameNotFound  = "name not found"      // DNS does not know the endpoint
	KindDenied        = "denied"              // no permission, or keys that are not accepted
	KindExpired       = "expired credentials" // their time is over
	KindNoCredentials = "no credentials"      // none were found
	KindClockSkew     = "clock skew"          // this machine's clock is off
	KindMissing       = "missing"             // the group or the stream, see MissingError
	KindInvalid       = "invalid"             // the service refused the content
	KindTooLarge      = "too large"           // the endpoint refused the size of the body
	KindCancelled     = "cancelled"           // by a client of your own
	KindOther         = "other"
)

func (e *SendError) Error() string {
	return e.Err.Error() + " (" + e.Kind + seen(e.Failures, e.Since) + ")"
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// seen says how often a failure was seen that is not told for the first time.
func seen(failures int, since time.Time) string {
	if failures <= 1 {
		return ""
	}
	return fmt.Sprintf(", %d times since %s", failures, since.UTC().Format(time.RFC3339))
}

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

// A MissingError is why a request failed that needs a log group or a log stream
// that does not exist, where Options forbid to create it. Records wait for it.
type MissingError struct {
	LogGroupName string
	// LogStreamName is empty if it is the group that is missing.
	LogStreamName string
}

func (e *MissingError) Error() string {
	return (&engine.MissingError{Group: e.LogGroupName, Stream: e.LogStreamName}).Error()
}

// A RetentionError tells that the retention of the log group could not be set.
// Records are delivered nevertheless. It is not tried again by this handler.
type RetentionError struct {
	LogGroupName string
	Days         int
	// Err is the client's error.
	Err error
}

func (e *RetentionError) Error() string {
	return (&engine.RetentionError{Group: e.LogGroupName, Days: e.Days, Err: e.Err}).Error()
}

// Unwrap returns the client's error.
func (e *RetentionError) Unwrap() error { return e.Err }

// An OverflowError tells that more log streams are wanted than
// Options.MaxStreams, and that records of new ones go to the log stream
// "overflow". It is told once.
type OverflowError struct {
	// MaxStreams is the limit, LogStreamName the first that was beyond it.
	MaxStreams    int
	LogStreamName string
}

func (e *OverflowError) Error() string {
	return (&engine.OverflowError{Limit: e.MaxStreams, Stream: e.LogStreamName}).Error()
}

// A MetadataError tells that a placeholder of Options.LogStreamName or Options.Fields
// is about a place where the process does not run, or that the service did not answer
// which knows. Names of log streams, and fields, have "unknown" there. It is told once.
type MetadataError struct {
	// Placeholder is as in "{ecs.task_id}".
	Placeholder string
	// Err is the cause, and says what helps.
	Err error
}

func (e *MetadataError) Error() string {
	return fmt.Sprintf("%s is \"unknown\" in names of log streams and in fields: %v", e.Placeholder, e.Err)
}

// Unwrap returns the cause.
func (e *MetadataError) Unwrap() error { return e.Err }

// A LimitError tells that the endpoint takes less than the service does, and
// that what is sent is made to suit it from now on. It is told once of each
// limit.
type LimitError struct {
	// MaxEventBytes is the length that messages are shortened to, in UTF-8
	// bytes; 0 if it is compressed bodies that the endpoint does not take,
	// which are plain from now on.
	MaxEventBytes int
	// Err is what the endpoint answered.
	Err error
}

func (e *LimitError) Error() string {
	if e.MaxEventBytes == 0 {
		return (&engine.GzipError{Err: e.Err}).Error()
	}
	return (&engine.LimitError{Bytes: e.MaxEventBytes, Err: e.Err}).Error()
}

// Unwrap returns what the endpoint answered.
func (e *LimitError) Unwrap() error { return e.Err }

// A SpoolError tells that something is wrong below Options.SpoolDir. What could
// not be done is tried again; records are lost only if a [*DropError] says so.
// It is also the cause of that, and of an error of [New].
type SpoolError struct {
	// Kind is what is wrong, one of the KindSpool constants.
	Kind string
	// Path is the file that is damaged or of a newer version; else empty.
	Path string
	// Failures is the number of times that it was seen since it began, also
	// those of which OnError was not told: 1 when it is told first. Since is
	// when it began. Both are zero in the error of New and in a cause.
	Failures int
	Since    time.Time
	// Err is the cause, often an error of the operating system.
	Err error
}

// Kinds of a SpoolError.
const (
	KindSpoolDamaged = "damaged"       // bytes are not what was written; they were passed over
	KindSpoolNewer   = "newer version" // a later version of this package wrote the file; it stays
	KindSpoolLocked  = "locked"        // by another process
	KindSpoolNoLocks = "no file locks" // the file system does not keep them, as over a network
	KindSpoolFull    = "full"          // SpoolBytes, or the disk
	KindSpoolOther   = "other"         // permissions, or the disk
)

func (e *SpoolError) Error() string {
	if s := seen(e.Failures, e.Since); s != "" {
		return e.Err.Error() + " (" + s[2:] + ")"
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *SpoolError) Unwrap() error { return e.Err }

// public puts an error of the engine in public terms.
func public(err error) error {
	switch e := err.(type) {
	case *engine.SendError:
		send := &SendError{Kind: e.Kind, Failures: e.Failures, Since: e.Since, Err: e.Err}
		if m, ok := errors.AsType[*engine.MissingError](e.Err); ok {
			send.Err = &MissingError{LogGroupName: m.Group, LogStreamName: m.Stream}
		}
		return send
	case *engine.RecoveredError:
		return &RecoveredError{LogGroupName: e.Group, Failures: e.Failures, Outage: e.Outage}
	case *engine.RetentionError:
		return &RetentionError{LogGroupName: e.Group, Days: e.Days, Err: e.Err}
	case *engine.OverflowError:
		return &OverflowError{MaxStreams: e.Limit, LogStreamName: e.Stream}
	case *engine.LimitError:
		return &LimitError{MaxEventBytes: e.Bytes, Err: e.Err}
	case *engine.GzipError:
		return &LimitError{Err: e.Err}
	case *engine.EntityError:
		return &EntityError{ErrorType: e.Type}
	case *engine.DiskError:
		return &SpoolError{Kind: e.Kind, Path: e.Path, Failures: e.Failures, Since: e.Since, Err: e.Err}
	}
	return err
}

// The engine's own names for what is wrong with the spool must be the same: a
// difference does not compile.
var _ = map[bool]struct{}{
	false: {},
	KindSpoolDamaged == engine.DiskDamaged && KindSpoolNewer == engine.DiskNewer && KindSpoolLocked == engine.DiskLocked &&
		KindSpoolNoLocks == engine.DiskNoLocks && KindSpoolFull == engine.DiskFull && KindSpoolOther == engine.DiskOther: {},
}
