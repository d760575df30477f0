package sink

import (
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// RotatingOptions says which file a Rotating sink writes, and when the next
// one begins.
type RotatingOptions struct {
	// Filename, Encoding, Errors and Delay are those of FileOptions.
	Filename string
	Encoding string
	Errors   string
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

// Path is where the file is, from the root on.
func (o RotatingOptions) Path() string { return absolute(o.Filename) }

// Rotating returns a sink that writes lines to a file and begins a new one when
// it is full (RotatingFileHandler). When files cannot be renamed, the line goes
// into the one that is there, and Write returns a RotateError.
func Rotating(o RotatingOptions) (Sink, error) {
	if o.MaxBytes < 0 {
		return nil, fmt.Errorf("maxBytes %d: it is below 0: write 0 for a file without a limit", o.MaxBytes)
	}
	if o.BackupCount < 0 {
		return nil, fmt.Errorf("backupCount %d: it is below 0", o.BackupCount)
	}
	mode := o.Mode
	if o.MaxBytes > 0 {
		mode = "a"
	}
	enc, err := newEncoding(o.Encoding, o.Errors)
	if err != nil {
		return nil, err
	}
	out, err := newOutput(o.Filename, mode, enc, o.Delay)
	if err != nil {
		return nil, err
	}
	return &rotating{out: out, limit: o.MaxBytes, backups: o.BackupCount}, nil
}

type rotating struct {
	mu      sync.Mutex
	out     *output
	limit   int64 // bytes; 0 for none
	backups int
}

func (r *rotating) Write(_ slog.Level, _ time.Time, line []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.out.open(); err != nil {
		return err
	}
	full, err := r.full(line)
	if full && err == nil {
		err = r.out.follow() // somebody else may have rotated it
		full = r.out.f != nil
	}
	if full && err == nil {
		err = r.roll()
	}
	return r.out.writeAfter(err, line)
}

func (r *rotating) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.shut()
}

// full reports whether the file must be rotated before the line. A device, which
// is never rotated, has the size 0.
func (r *rotating) full(line []byte) (bool, error) {
	if r.limit == 0 || r.backups == 0 {
		return false, nil
	}
	size, err := r.out.size()
	if err != nil || size == 0 {
		return false, err
	}
	return size+int64(utf8.RuneCount(line))+1 >= r.limit, nil
}

// roll renames the file to .1, that to .2, and so on, the last one first. It
// ends where one fails, since the next would be written over.
func (r *rotating) roll() error {
	for n := r.backups - 1; n > 0; n-- {
		if err := rename(r.name(n), r.name(n+1)); err != nil {
			return err
		}
	}
	return r.out.move(r.name(1))
}

// name is that of an older file.
func (r *rotating) name(n int) string { return r.out.path + "." + strconv.Itoa(n) }
