package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Somebody may remove the files of a living process, as programs do that clean
// temporary folders. What is open can still be read then, and is written anew;
// what is not open is lost, and told. It is noticed when a file cannot be
// opened or made, when Adopt looks, every five minutes, and at Close.

// lookEvery is the least time between two looks of Adopt: they cost a system call
// or two for each file.
const lookEvery = 5 * time.Minute

// look finds out which segments are no longer there. At the end that costs
// also what was read of them and is not settled.
func (s *Spool) look(end bool) error {
	now := time.Now()
	if !end && now.Sub(s.looked) < lookEvery {
		return nil
	}
	s.looked = now
	s.mu.Lock()
	var left []*segment
	for _, g := range s.segments {
		if g.left > 0 && !g.retired && (!g.broken || end && g.missing) {
			left = append(left, g)
		}
	}
	s.mu.Unlock()
	var errs []error
	for _, g := range left {
		f, err := s.fs.OpenFile(g.path(), os.O_RDONLY, 0)
		switch {
		case err == nil:
			errs = append(errs, f.Close())
		case errors.Is(err, fs.ErrNotExist):
			if _, err := s.salvage(g, end); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// salvage writes a segment anew whose file is gone. If that cannot be done its
// events are given up. One that is being written to has to wait for its end;
// then later is set.
func (s *Spool) salvage(g *segment, end bool) (later bool, err error) {
	s.mu.Lock()
	if g == s.active {
		s.vanished = true
		if !s.leading {
			s.sealActive()
		}
	}
	later = g == s.active
	src := g.held
	s.mu.Unlock()
	if later {
		return true, nil
	}
	if src == nil && s.reader.segment == g {
		src = s.reader.file
	}
	if src == nil {
		if g.missing = true; end {
			g.next = 0
		}
		s.giveUp(g, "somebody has removed it")
		return false, nil
	}
	old := g.path()
	if err := s.rewrite(g, src); err != nil {
		return true, fmt.Errorf("somebody has removed %s, and it cannot be written anew: %w", old, err)
	}
	s.opts.Report(fmt.Errorf("somebody has removed %s: it was written anew as %s", old, g.path()))
	return false, nil
}

// rewrite copies a segment, which nobody writes to, to a new file.
func (s *Spool) rewrite(g *segment, src File) error {
	b := make([]byte, g.size)
	if n, err := src.ReadAt(b, 0); n < len(b) {
		return err
	}
	copied := newSegment(s.ownFolder(), g.name)
	copied.own = g.own
	f, err := s.create(copied)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(b[headerBytes:], headerBytes)
	if err == nil && s.opts.Sync != SyncNever {
		err = errors.Join(f.Sync(), s.fs.SyncDir(copied.folder.path))
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, s.fs.Remove(copied.path()))
	}
	if s.reader.segment == g {
		err = s.reader.close()
	}
	s.mu.Lock()
	g.folder.segments--
	g.folder = copied.folder
	g.folder.segments++
	g.unsaved, g.ackSize, g.noted = g.settled(), 0, 0
	held := g.held
	g.held = nil
	s.mu.Unlock()
	if held != nil {
		err = errors.Join(err, held.Close())
	}
	return errors.Join(err, s.saveAck(g))
}

// settled is the runs of settled events.
func (g *segment) settled() (runs []run) {
	for i := range g.events {
		if !g.acked.has(i) {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1].first+runs[n-1].count == i {
			runs[n-1].count++
		} else {
			runs = append(runs, run{i, 1})
		}
	}
	return runs
}

// refolder makes another subfolder if that of this spool is gone.
func (s *Spool) refolder() error {
	s.signing.Lock()
	defer s.signing.Unlock()
	old := s.ownFolder()
	lock, err := s.fs.OpenFile(filepath.Join(old.path, lockName), os.O_RDONLY, 0)
	if err == nil {
		return lock.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := newFolder(s.fs, s.opts.Dir, time.Now(), s.opts.Sync != SyncNever)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.folder = f
	s.mu.Unlock()
	return old.lock.Close()
}
