package store

import (
	"errors"
	"fmt"
)

// What callers test for.
var (
	ErrGroupExists   = errors.New("the log group exists")
	ErrGroupMissing  = errors.New("the log group does not exist")
	ErrStreamExists  = errors.New("the log stream exists")
	ErrStreamMissing = errors.New("the log stream does not exist")
	ErrEventMissing  = errors.New("the log event does not exist")
	ErrClosed        = errors.New("the store is closed")
	ErrInUse         = errors.New("another process has the store open")
	// ErrFormat is a file that this program did not write, or a later one did.
	ErrFormat = errors.New("not a store that this program can read")
)

// A CorruptError says that something stored is damaged. What is not damaged
// stays readable.
type CorruptError struct {
	File string // path; empty for a store in memory
	Key  string // what is damaged, empty when it is the file as a whole
	Err  error
}

// Error names the file, the key and the remedy.
func (e *CorruptError) Error() string {
	file := e.File
	if file == "" {
		file = "store in memory"
	}
	if e.Key == "" {
		return fmt.Sprintf("%s is damaged: %v (restore it from a copy, or move it away to begin an empty store)", file, e.Err)
	}
	return fmt.Sprintf("%s is damaged at %s: %v (the rest is readable; to get rid of the error delete the log stream, or restore the file from a copy)", file, e.Key, e.Err)
}

// Unwrap returns the cause.
func (e *CorruptError) Unwrap() error { return e.Err }

// corrupt is the error for a damaged value.
func (s *Store) corrupt(what string, err error) error {
	return &CorruptError{File: s.path, Key: what, Err: err}
}
