package sink

import (
	"log/slog"
	"sync"
	"time"
)

// FileOptions says which file a File sink writes, and how.
type FileOptions struct {
	// Filename is the path of the file. Its folder must exist. A relative path
	// is resolved once, when the sink is made.
	Filename string
	// Mode is "a" to append to what the file has, "w" to empty it when it is
	// opened, or "x" if it must not exist yet. If empty, it is "a".
	Mode string
	// Encoding is "utf-8", "latin-1" or "ascii", in any of Python's spellings. If
	// empty, it is utf-8.
	Encoding string
	// Errors says what becomes of characters that the encoding has not:
	// "backslashreplace", "replace" (by a question mark), "ignore" or
	// "xmlcharrefreplace". If empty, or "strict", it is backslashreplace.
	Errors string
	// Delay opens the file at the first line and not before.
	Delay bool
	// Watched looks before each line whether the file at Filename is still the
	// one that is open, and opens it again if not (WatchedFileHandler): what
	// logrotate needs on Unix. On Windows an open file cannot be moved away.
	Watched bool
}

// Path is where the file is, from the root on.
func (o FileOptions) Path() string { return absolute(o.Filename) }

// File returns a sink that writes lines to a file (FileHandler, and with
// Watched WatchedFileHandler). Each line is one write to the file, so that
// nothing waits in a buffer and full disks are told at once. Errors of opening
// the file are returned here, with Delay by the first Write.
func File(o FileOptions) (Sink, error) {
	enc, err := newEncoding(o.Encoding, o.Errors)
	if err != nil {
		return nil, err
	}
	f, err := newOutput(o.Filename, o.Mode, enc, o.Delay)
	if err != nil {
		return nil, err
	}
	return &file{out: f, watched: o.Watched}, nil
}

type file struct {
	mu      sync.Mutex
	out     *output
	watched bool
}

func (f *file) Write(_ slog.Level, _ time.Time, line []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watched {
		if err := f.out.follow(); err != nil {
			return err
		}
	}
	return f.out.write(line)
}

func (f *file) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.out.shut()
}
