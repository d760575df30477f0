// Package sink is where finished lines go beside CloudWatch: streams, files,
// files that rotate, syslog. Each kind is what the class of the same name in
// Python's logging is, so that a program which is moved from Python finds its
// files under the same names, with the same lines in them, rotated at the same
// places.
//
// The rotation is written here and not taken from lumberjack, because what it
// does is seen from outside: Python renames app.log to app.log.1, that to
// app.log.2, and so on up to backupCount; lumberjack puts a timestamp before
// the extension (app-2026-01-31T12-00-00.000.log), counts in megabytes, has
// no rotation by time and keeps every file unless told otherwise. The scripts,
// collectors and alarms around a program know Python's names.
//
// The behaviour is that of CPython 3.13, which mended several faults of the
// releases before it.
package sink

import (
	"errors"
	"log/slog"
	"time"
)

// A Sink takes finished lines, each without the newline at its end. It is safe
// for concurrent use.
type Sink interface {
	// Write delivers one line. The level and the time are those of the record;
	// most sinks need neither. An error says that the line may be lost. The
	// line is not kept after Write returns. After Close it returns ErrClosed.
	Write(level slog.Level, at time.Time, line []byte) error
	// Close releases what the sink holds. A second Close does nothing.
	Close() error
}

// ErrClosed is returned by Write after Close.
var ErrClosed = errors.New("the handler is closed")
