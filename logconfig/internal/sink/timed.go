package sink

import (
	"errors"
	"time"
)

// TimedOptions says which file a TimedRotating sink writes, and when the next
// one begins.
type TimedOptions struct {
	// Filename, Encoding and Delay are those of FileOptions.
	Filename string
	Encoding string
	Delay    bool
	// When is the unit of Interval, in upper or lower case: S, M, H, D for
	// seconds to days from the last change of the file, "midnight" for each
	// midnight, W0 (Monday) to W6 (Sunday) for the midnight at the end of that
	// day. If empty, it is H.
	When string
	// Interval is the number of units from one rotation to the next. If zero,
	// it is 1.
	Interval int
	// BackupCount is how many older files are kept; the rest is removed,
	// oldest first. If zero, all are kept.
	BackupCount int
	// UTC counts days, and names files, in UTC instead of the local zone.
	UTC bool
	// AtTime is the time of day at which midnight and W0 to W6 rotate, since
	// midnight. If zero, it is midnight.
	AtTime time.Duration
}

// TimedRotating returns a sink that writes lines to a file and begins a new one
// at certain times (TimedRotatingFileHandler). As in Python the file is rotated
// by the first line after that time, and the older file is named for the
// beginning of its period: app.log.2026-01-31 for days, with _15-04-05 as far as
// the unit needs it.
func TimedRotating(o TimedOptions) (Sink, error) { return nil, errors.ErrUnsupported }
