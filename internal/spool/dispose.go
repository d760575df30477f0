package spool

import (
	"errors"
	"slices"
)

// removeRetired removes the files of settled segments, the segment first: the
// other way round a crash in between would bring all its events back. A
// borrowed folder without segments is given back.
func (s *Spool) removeRetired() error {
	s.mu.Lock()
	if !s.sweep {
		s.mu.Unlock()
		return nil
	}
	s.sweep = false
	var old []*segment
	s.segments = slices.DeleteFunc(s.segments, func(g *segment) bool {
		if g.retired {
			old = append(old, g)
			delete(s.byID, g.id)
		}
		return g.retired
	})
	s.mu.Unlock()
	var errs []error
	for _, g := range old {
		if s.reader.segment == g {
			errs = append(errs, s.reader.close())
		}
		errs = append(errs, s.dispose(g))
	}
	return errors.Join(append(errs, s.returnBorrowed())...)
}

// dispose removes the files of a settled segment. One that stays, because it
// could not be read or removed, gets its acknowledgements.
func (s *Spool) dispose(g *segment) error {
	if g.held != nil {
		g.held.Close() // nothing of it is wanted any more
	}
	if g.broken && !g.missing {
		return s.keepSettled(g)
	}
	if err := gone(s.fs.Remove(g.path())); err != nil {
		g.folder.keep = true
		return errors.Join(err, s.keepSettled(g))
	}
	s.mu.Lock()
	g.folder.segments--
	s.mu.Unlock()
	if err := gone(s.fs.Remove(g.ackPath())); err != nil {
		g.folder.keep = true
		return err
	}
	return nil
}

// keepSettled writes the acknowledgements of a segment that is no longer in the
// list. Those that the disk does not take now are tried again like others.
func (s *Spool) keepSettled(g *segment) error {
	err := s.saveAck(g)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(g.unsaved) > 0 {
		s.stuck = append(s.stuck, g)
	}
	return err
}

// removeSegment removes the files of a segment.
func (s *Spool) removeSegment(g *segment) error {
	return errors.Join(gone(s.fs.Remove(g.path())), gone(s.fs.Remove(g.ackPath())))
}

// returnBorrowed gives adopted folders back that are drained.
func (s *Spool) returnBorrowed() error {
	var errs []error
	s.borrowed = slices.DeleteFunc(s.borrowed, func(f *folder) bool {
		if f.segments > 0 {
			return false
		}
		errs = append(errs, f.release(s.fs))
		return true
	})
	return errors.Join(errs...)
}
