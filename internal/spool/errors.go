package spool

import (
	"errors"
	"fmt"
)

// Errors that callers test for.
var (
	// ErrFull: the cap is reached or the disk has no room. Nothing of the
	// record was kept; later appends work when there is room again.
	ErrFull = errors.New("spool is full")
	// ErrTooLarge: the record is longer than the cap, so no room that is made
	// will ever be enough for it.
	ErrTooLarge = errors.New("record is too large for the spool")
	// ErrClosed: the spool was closed before the call.
	ErrClosed = errors.New("spool is closed")
	// ErrLocked: another process, or another spool of this one, holds the lock.
	ErrLocked = errors.New("locked by another process")
	// ErrFakeLock: the file system grants the same lock twice, so that two
	// processes could take the same events.
	ErrFakeLock = errors.New("the file system does not keep file locks: use a folder on a local disk")
)

// A DamageError tells of bytes on disk that are not what was written.
type DamageError struct {
	// Path is the file, Offset where the damage begins in it, and Bytes how
	// many bytes were passed over.
	Path   string
	Offset int64
	Bytes  int64
	// Tail is set when nothing readable follows.
	Tail bool
	// Events is how many events the damage cost, as far as the frames around
	// it tell: nothing tells how many a damaged tail held.
	Events int64
	// Records is how many records are lost that Append, or Adopt's count, had
	// vouched for. They are no longer part of the Backlog.
	Records int64
	// What is what is wrong.
	What string
}

func (e *DamageError) Error() string {
	where := "in the middle"
	if e.Tail {
		where = "at the end"
	}
	lost := ""
	if e.Events == 1 {
		lost = ", 1 event lost"
	} else if e.Events > 1 {
		lost = fmt.Sprintf(", %d events lost", e.Events)
	}
	return fmt.Sprintf("spool file %s: %d damaged bytes %s, from byte %d: %s%s", e.Path, e.Bytes, where, e.Offset, e.What, lost)
}

// A VersionError tells of a file written by a later version of this package.
// The file stays where it is.
type VersionError struct {
	Path    string
	Version int
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("spool file %s has format version %d, this program knows version %d: let the newer program that wrote it drain it, or move the file away", e.Path, e.Version, version)
}
