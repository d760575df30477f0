//go:build chaos && unix

package chaos

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// onDisk is an event in a segment that a life leaves.
type onDisk struct {
	id
	stream  string
	ms      int64
	segment string // the file's path
	settled bool   // acknowledged: it does not come again
}

// look notes what is on disk now that nobody has it, in the order in which the
// next life reads it. Nothing is changed by that.
func (l *life) look(t *testing.T, dir string) {
	t.Helper()
	type at struct {
		segment string
		offset  int64
		event   uint32
	}
	left := map[at]bool{}
	walk(t, dir, func(_ cwl.Event, p spool.Place) { left[at{p.Path, p.Offset, p.Event}] = true })
	// Without the acknowledgements beside them the segments tell of all that
	// was ever in them.
	bare := t.TempDir()
	if err := copySegments(dir, bare); err != nil {
		t.Fatal("copy the spool:", err)
	}
	walk(t, bare, func(e cwl.Event, p spool.Place) {
		found := tokens(e.Fragment)
		if len(found) != 1 {
			t.Errorf("the spool has an event that nobody logged: %.200q", e.Fragment)
			return
		}
		segment := filepath.Join(dir, strings.TrimPrefix(p.Path, bare))
		l.disk = append(l.disk, onDisk{found[0], e.Stream, e.Time, segment, !left[at{segment, p.Offset, p.Event}]})
	})
}

// walk reads a spool. A kill may tear the record that is being written, which
// then stands at the end; anything else that is wrong with it is an error.
func walk(t *testing.T, dir string, each func(cwl.Event, spool.Place)) {
	t.Helper()
	err := spool.Walk(dir, func(e cwl.Event, p spool.Place) error {
		each(e, p)
		return nil
	})
	list := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		list = joined.Unwrap()
	}
	for _, err := range list {
		if d, ok := errors.AsType[*spool.DamageError](err); err != nil && !(ok && d.Tail) {
			t.Error("the spool is damaged:", err)
		}
	}
}

// copySegments copies the segments of a spool folder, each to its place.
func copySegments(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		copied := filepath.Join(to, strings.TrimPrefix(path, from))
		switch {
		case d.IsDir():
			return os.MkdirAll(copied, 0o700)
		case filepath.Ext(path) != ".seg":
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(copied, b, 0o600)
	})
}
