package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/watchtower-go/watchtower/internal/spool"
)

// spoolCmd groups what is done to a spool: the folder in which the library
// keeps events on disk (Options.SpoolDir).
type spoolCmd struct {
	Ls     spoolLsCmd     `cmd:"" help:"Show what a spool holds."`
	Drain  spoolDrainCmd  `cmd:"" help:"Deliver what programs left in a spool."`
	Export spoolExportCmd `cmd:"" help:"Print the events of a spool, and leave them there."`
}

// listSpool tells what the subfolders of a spool hold. A folder that is empty
// is a spool of which everything was delivered.
func listSpool(dir string) ([]spool.Info, error) {
	infos, err := spool.List(dir)
	if err != nil {
		return nil, explainSpool(err, dir)
	}
	if len(infos) > 0 {
		return infos, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, explainSpool(err, dir)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), segmentEnding) {
			return nil, withHints(fmt.Errorf("%s is what one process left in a spool, not the spool", dir),
				"name the folder above it: "+parentFolder(dir))
		}
	}
	if len(entries) > 0 {
		return nil, withHints(fmt.Errorf("%s is not a spool", dir), spoolHint)
	}
	return nil, nil
}

const (
	// segmentEnding ends the names of the files with events.
	segmentEnding = ".seg"

	spoolHint = "name the folder that the program has as SpoolDir; it makes it when it starts"
)

// parentFolder is the folder above one, which may be named by ".".
func parentFolder(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Dir(dir)
}

// explainSpool says why a spool cannot be read.
func explainSpool(err error, dir string) error {
	info, statErr := os.Stat(dir)
	switch {
	case errors.Is(statErr, fs.ErrNotExist):
		return withHints(fmt.Errorf("there is no folder %s", dir), spoolHint)
	case statErr == nil && !info.IsDir():
		return withHints(fmt.Errorf("%s is a file, not a spool", dir), spoolHint)
	case errors.Is(err, fs.ErrPermission):
		return withHints(fmt.Errorf("access to the spool is denied: %w", err),
			"a spool is for its owner alone: be the user that the program runs as")
	case errors.Is(err, spool.ErrFakeLock):
		return withHints(err, "without locks nobody can tell whether a program still writes here; copy the folder to a local disk once none does")
	}
	return fmt.Errorf("read the spool %s: %w", dir, err)
}
