package sink

import "errors"

// FileOptions says which file a File sink writes, and how.
type FileOptions struct {
	// Filename is the path of the file. Its folder must exist. A relative path
	// is resolved once, when the sink is made.
	Filename string
	// Mode is "a" to append to what the file has, or "w" to empty it when it
	// is opened. If empty, it is "a".
	Mode string
	// Encoding is "utf-8", in any of Python's spellings, or empty for the same.
	Encoding string
	// Delay opens the file at the first line and not before.
	Delay bool
	// Watched looks before each line whether the file at Filename is still the
	// one that is open, and opens it again if not (WatchedFileHandler): what
	// logrotate needs on Unix. On Windows an open file cannot be moved away.
	Watched bool
}

// File returns a sink that writes lines to a file (FileHandler, and with
// Watched WatchedFileHandler). Each line is one write to the file, so that
// nothing waits in a buffer and full disks are told at once. Errors of opening
// the file are returned here, with Delay by the first Write.
func File(o FileOptions) (Sink, error) { return nil, errors.ErrUnsupported }
