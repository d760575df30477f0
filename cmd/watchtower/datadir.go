package main

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// A dataDir is a directory named on the command line, made absolute.
type dataDir string

// UnmarshalText refuses an empty name, which is a variable of a script that was
// not set: it would mean the working directory.
func (d *dataDir) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("the name of the directory is empty; leave --data out to keep everything in memory")
	}
	*d = dataDir(kong.ExpandPath(string(text)))
	return nil
}

// explainStore says why the data in a directory cannot be served. The hints
// never send anybody to delete what may still be rescued.
func explainStore(err error, dir string) error {
	if damage, ok := errors.AsType[*cwlocal.CorruptError](err); ok {
		return withHints(fmt.Errorf("%s is damaged: %w", damage.File, damage.Err),
			"nothing was changed; restore the file from a copy, or move it away and the server begins empty",
			"or leave it where it is and name another directory: --data DIR")
	}
	switch {
	case errors.Is(err, cwlocal.ErrInUse):
		return withHints(fmt.Errorf("%s is in use by another server", dir),
			"use that server, stop it, or name another directory: --data DIR")
	case errors.Is(err, cwlocal.ErrFormat):
		return withHints(err, "the file was written by another program, or by another version of this one; name another directory: --data DIR")
	case errors.Is(err, fs.ErrPermission):
		return withHints(err, "the server needs to read and write "+dir)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return withHints(err, "--data names a directory; it is made if it does not exist")
	case errors.Is(err, syscall.ENOSPC):
		return withHints(err, "make room on the disk, or take a directory of another one")
	}
	return err
}
