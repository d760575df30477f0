package sink

import "errors"

// RotatingOptions says which file a Rotating sink writes, and when the next
// one begins.
type RotatingOptions struct {
	// Filename, Encoding and Delay are those of FileOptions.
	Filename string
	Encoding string
	Delay    bool
	// Mode is that of FileOptions. It is "a" whenever MaxBytes is above 0.
	Mode string
	// MaxBytes is the size that the file stays below. Before a line is written
	// its length in characters (not bytes: so Python counts) with its newline
	// is added to the size of the file; when that reaches MaxBytes, the file is
	// rotated first. An empty file is never rotated, however long the line. If
	// zero, the file is never rotated.
	MaxBytes int64
	// BackupCount is how many older files are kept: app.log.1, which is the
	// youngest, to app.log.<BackupCount>. If zero, the file is never rotated.
	BackupCount int
}

// Rotating returns a sink that writes lines to a file and begins a new one when
// it is full (RotatingFileHandler).
func Rotating(o RotatingOptions) (Sink, error) { return nil, errors.ErrUnsupported }
