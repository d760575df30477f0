package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// An output is the file of a sink. It is opened by the first write that finds
// it closed, until it is shut.
type output struct {
	path   string
	mode   int // what the next opening does beside creating it
	enc    encoding
	f      *os.File // nil while it is not open
	closed bool
	buf    []byte
	torn   bool // a line was written in part
}

// newOutput checks the options and opens the file, without delay.
func newOutput(path, mode string, enc encoding, delay bool) (*output, error) {
	if path == "" {
		return nil, errors.New("filename: it is empty: name the file to write")
	}
	o := &output{mode: os.O_APPEND, enc: enc}
	switch mode {
	case "", "a", "at", "a+":
	case "w", "wt", "w+":
		o.mode |= os.O_TRUNC
	case "x", "xt", "x+":
		o.mode |= os.O_EXCL
	default:
		return nil, fmt.Errorf("mode %q: it is a to append, w to begin anew, or x for a file that does not exist yet", mode)
	}
	o.path = absolute(path)
	if delay {
		return o, nil
	}
	return o, o.open()
}

// absolute is a path from the root on; the path itself where the current folder is
// not known.
func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil && path != "" {
		return whole
	}
	return path
}

// open opens the file if it is not.
func (o *output) open() error {
	if o.closed {
		return ErrClosed
	}
	if o.f != nil {
		return nil
	}
	// Who may read it is for the umask to say, as in Python.
	f, err := os.OpenFile(o.path, os.O_WRONLY|os.O_CREATE|o.mode, 0o666)
	if err != nil {
		return err
	}
	o.f = f
	o.mode &^= os.O_EXCL // it is ours now
	return nil
}

// write writes a line and its newline.
func (o *output) write(line []byte) error {
	if err := o.open(); err != nil {
		return err
	}
	o.buf = ended(o.buf, o.enc.encode(line))
	if o.torn {
		// What a full disk cut off stays a line of its own.
		o.buf = append([]byte{'\n'}, o.buf...)
	}
	n, err := o.f.Write(o.buf)
	if n > 0 {
		o.torn = n < len(o.buf)
	}
	return err
}

// A RotateError is the error of a Write that has written its line, into a file
// that should have been rotated, or whose older files should have been removed.
type RotateError struct{ Err error }

func (e *RotateError) Error() string { return "rotate: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *RotateError) Unwrap() error { return e.Err }

// writeAfter writes a line after a rotation that may have failed.
func (o *output) writeAfter(rotation error, line []byte) error {
	if err := o.write(line); err != nil || rotation == nil {
		return errors.Join(rotation, err)
	}
	return &RotateError{rotation}
}

// release closes the file; the next write opens it again.
func (o *output) release() error {
	if o.f == nil {
		return nil
	}
	f := o.f
	o.f, o.torn = nil, false
	return f.Close()
}

// follow lets go of a file that is no longer the one at its path; the next
// write opens that.
func (o *output) follow() error {
	if o.f == nil {
		return nil
	}
	there, err := os.Stat(o.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	open, statErr := o.f.Stat()
	if statErr != nil {
		return statErr
	}
	if err == nil && os.SameFile(there, open) {
		return nil
	}
	return o.release()
}

// shut closes the file for good.
func (o *output) shut() error {
	o.closed = true
	return o.release()
}

// size is the file's, in bytes.
func (o *output) size() (int64, error) {
	info, err := o.f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// regular reports whether there is nothing else but a file at the path, such as
// a device: those are never rotated.
func (o *output) regular() bool {
	info, err := os.Stat(o.path)
	return err != nil || info.Mode().IsRegular()
}

// move closes the file and gives it another name. No file is no error: it
// may have been moved by somebody else, or not been opened yet.
func (o *output) move(name string) error {
	if err := o.release(); err != nil {
		return err
	}
	return rename(o.path, name)
}

// rename replaces what has the new name. That the old one does not exist is no
// error.
func rename(from, to string) error {
	if _, err := os.Lstat(from); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return os.Rename(from, to)
}
