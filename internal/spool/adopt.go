package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// adoptBytes is how much Adopt reads in one call: about a tenth of a second
// on a disk that is not fast.
const adoptBytes = 32 << 20

// Adopt takes over subfolders of processes that are gone. Their events that
// are not acknowledged are read by this spool, before its own; the files are
// removed as they are settled. Subfolders of living processes are not touched,
// and of two processes that try, one gets a folder.
//
// It returns the number of records that were taken over: exactly those that
// Read will return, an event at least of each, and none that has the mark Own.
// They are checked and counted
// now, some 32 MiB in a call; more says that the next call will find more.
// The error is the file system's. What is damaged is reported as *DamageError,
// a folder with a segment of a newer version as *VersionError, once.
func (s *Spool) Adopt() (records int64, more bool, err error) {
	var errs []error
	if len(s.arriving) == 0 {
		errs = append(errs, s.claim())
	}
	for budget := int64(adoptBytes); len(s.arriving) > 0 && budget > 0; {
		g := s.arriving[0]
		s.arriving = s.arriving[1:]
		budget -= g.size
		n, err := s.take(g)
		records += n
		if err != nil {
			errs = append(errs, err)
		}
	}
	errs = append(errs, s.look(false), s.removeRetired(), s.returnBorrowed())
	s.tell()
	return records, len(s.arriving) > 0, errors.Join(errs...)
}

// claim locks the folders that nobody has, and lists their segments.
func (s *Spool) claim() error {
	names, err := s.fs.ReadDir(s.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // somebody has removed it: see look
	}
	if err != nil {
		return fmt.Errorf("list spool folder %s: %w", s.opts.Dir, err)
	}
	var errs []error
	for _, name := range names {
		path := filepath.Join(s.opts.Dir, name)
		if !isFolderName(name) || path == s.Path() || s.refused[path] || s.holds(path) {
			continue
		}
		mine, err := s.mayAdopt(path)
		if err != nil {
			errs = append(errs, fmt.Errorf("adopt spool folder %s: %w", path, err))
		}
		if !mine {
			continue
		}
		f, err := s.lockLeft(path)
		if err != nil {
			errs = append(errs, err)
		}
		if f == nil {
			continue
		}
		s.borrowed = append(s.borrowed, f)
		if err := s.inspect(f); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (s *Spool) holds(path string) bool {
	return slices.ContainsFunc(s.borrowed, func(f *folder) bool { return f.path == path })
}

// lockLeft locks a folder that was left behind; nil if it is not.
func (s *Spool) lockLeft(path string) (*folder, error) {
	lock, err := s.fs.Lock(filepath.Join(path, lockName), false)
	if errors.Is(err, fs.ErrNotExist) {
		// Its process died, or is about to make the lock. If the folder is
		// empty it is removed, and the process makes another.
		if s.fs.Remove(path) == nil {
			return nil, nil
		}
		names, _ := s.fs.ReadDir(path)
		if !slices.ContainsFunc(names, isSegmentName) {
			return nil, nil
		}
		lock, err = s.fs.Lock(filepath.Join(path, lockName), true)
	}
	if errors.Is(err, ErrLocked) || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("adopt spool folder %s: %w", path, err)
	}
	return &folder{path: path, lock: lock}, nil
}

func isSegmentName(base string) bool {
	_, ending, ok := parseFileName(base)
	return ok && ending == segmentEnding
}

// inspect lists the segments of a folder that is ours now.
func (s *Spool) inspect(f *folder) error {
	names, err := s.fs.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // cleaned away by whoever had it before
	}
	if err != nil {
		f.keep = true
		return fmt.Errorf("list spool folder %s: %w", f.path, err)
	}
	var errs []error
	for _, base := range names {
		// Acknowledgements whose segment was removed before a crash.
		name, ending, ok := parseFileName(base)
		if ok && ending == ackEnding && !slices.Contains(names, name.String()+segmentEnding) {
			errs = append(errs, gone(s.fs.Remove(filepath.Join(f.path, base))))
		}
	}
	found := segmentsOf(f, names)
	f.segments = len(found)
	s.arriving = append(s.arriving, found...)
	return errors.Join(errs...)
}

// take checks a segment, counts its records and puts it in line.
func (s *Spool) take(g *segment) (records int64, err error) {
	g.folder.segments-- // enlist counts it again
	g.sealed = true
	err = s.admit(g)
	var version *VersionError
	switch {
	case errors.As(err, &version):
		g.folder.keep = true
		s.refused[g.folder.path] = true
		s.opts.Report(version)
		return 0, nil
	case err != nil:
		g.folder.keep = true
		return 0, fmt.Errorf("adopt spool segment %s: %w", g.path(), err)
	case g.left == 0:
		return 0, s.removeSegment(g)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.segments, func(other *segment) bool { return other.folder == s.folder })
	if at < 0 {
		at = len(s.segments)
	}
	s.enlist(at, g)
	s.repeats = s.repeats || g.sent > 0
	if s.unread == 0 {
		s.woken()
	}
	s.unread += g.left
	return g.records, nil
}

// admit reads a segment through and cuts off a damaged tail.
func (s *Spool) admit(g *segment) error {
	file, err := s.fs.OpenFile(g.path(), os.O_RDWR, fileMode)
	if err != nil {
		return err
	}
	defer file.Close()
	end, err := s.survey(g, file)
	if err != nil || end == g.size {
		return err
	}
	g.size = end
	if err := file.Truncate(end); err != nil {
		s.opts.Report(fmt.Errorf("cut spool segment %s at byte %d: %w", g.path(), end, err))
	}
	return nil
}

// survey finds out what a segment holds, what of it is settled, and where it
// is damaged. It returns where the last valid frame ends.
func (s *Spool) survey(g *segment, file File) (end int64, err error) {
	if g.size, err = file.Size(); err != nil {
		return 0, err
	}
	damage, err := g.readHeader(file)
	if err != nil {
		return 0, err
	}
	if damage != nil {
		s.opts.Report(damage)
	}
	if err := s.loadAcks(g); err != nil {
		return 0, err
	}
	return g.count(&scanner{file: file, size: g.size, marker: g.marker, offset: headerBytes}, s.opts.Report)
}

// readHeader checks the header. With a damaged one the marker in the file's
// name serves.
func (g *segment) readHeader(file io.ReaderAt) (*DamageError, error) {
	if g.size == 0 {
		return nil, nil // the process ended before it wrote anything
	}
	b := make([]byte, min(headerBytes, g.size))
	if _, err := file.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	h, ok := parseHeader(b)
	switch {
	case !ok:
		return &DamageError{Path: g.path(), Bytes: int64(len(b)), Tail: g.size <= headerBytes, What: "the header does not match its checksum"}, nil
	case h.version != version:
		return nil, &VersionError{Path: g.path(), Version: int(h.version)}
	}
	g.marker, g.own, g.zeros = h.marker, h.own, h.reserves
	return nil, nil
}

// count walks over the frames and notes each event. What is missing between
// them counts as settled. It returns where the last valid frame ends.
func (g *segment) count(sc *scanner, report func(error)) (end int64, err error) {
	end = min(headerBytes, sc.size)
	var damage *DamageError
	for {
		f, h, err := sc.scan()
		switch {
		case errors.Is(err, io.EOF):
			return end, nil
		case err != nil:
			return end, err
		case h != nil:
			if h.tail && g.zeros {
				if blank, err := sc.blank(h.offset); blank || err != nil {
					return end, err
				}
			}
			damage = &DamageError{Path: g.path(), Offset: h.offset, Bytes: h.size, Tail: h.tail, What: h.what}
			if h.tail {
				report(damage)
			}
			continue
		}
		lost := g.skip(f.first)
		if damage != nil {
			damage.Events = lost
			report(damage)
			damage = nil
		}
		g.found(f)
		end = f.offset + f.size
	}
}

// skip settles the numbers that no frame has.
func (g *segment) skip(first uint32) (lost int64) {
	for ; g.events < first; g.events++ {
		g.ends.set(g.events)
		if !g.acked.has(g.events) {
			g.acked.set(g.events)
			lost++
		}
	}
	return lost
}

// found notes the events of a frame.
func (g *segment) found(f frame) {
	left := int64(0)
	for i := range f.events {
		if !g.acked.has(f.first + i) {
			left++
		}
	}
	g.events = f.first + f.events
	g.ends.set(g.events - 1)
	g.left += left
	if left > 0 && !g.own {
		g.records++
	}
}
