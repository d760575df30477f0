package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
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

// beside tells whether a directory has files, but none that a server keeps logs
// in: allowed, and perhaps a mistake.
func beside(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && len(entries) > 0 &&
		!slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "store.db" })
}

// explainStore says why the data in a directory cannot be served. The hints
// never send anybody to delete what may still be rescued.
func explainStore(err error, dir string) error {
	if damage, ok := errors.AsType[*cwlocal.CorruptError](err); ok {
		return withHints(fmt.Errorf("%s is damaged: %w", damage.File, damage.Err),
			"nothing was changed; restore the file from a copy, or move it away and the server begins empty",
			"or leave it where it is and name another directory: --data DIR")
	}
	// What the system says of a directory is enough; the layers above it, which
	// say that the store was to be opened, are no news here.
	failed, isPath := errors.AsType[*fs.PathError](err)
	switch {
	case errors.Is(err, cwlocal.ErrInUse):
		return withHints(fmt.Errorf("%s is in use by another server", dir),
			"use that server, stop it, or name another directory: --data DIR")
	case errors.Is(err, cwlocal.ErrFormat):
		return withHints(err, "the file was written by another program, or by another version of this one; name another directory: --data DIR")
	case errors.Is(err, fs.ErrPermission):
		return withHints(err, "the server needs to read and write "+dir)
	case isPath && errors.Is(err, syscall.ENOTDIR):
		return withHints(fmt.Errorf("%s is a file, not a directory", failed.Path),
			"--data names a directory; it is made if it does not exist")
	case errors.Is(err, syscall.ENOSPC):
		return withHints(err, "make room on the disk, or take a directory of another one")
	}
	if isPath && failed.Op == "mkdir" {
		return withHints(fmt.Errorf("the directory %s cannot be made: %w", failed.Path, failed.Err),
			"name a directory where files can be kept: --data DIR")
	}
	return err
}
