package spool

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// rotate sees to it that there is an active segment with room.
func (s *Spool) rotate() error {
	s.mu.Lock()
	if a := s.active; a != nil && (a.size >= s.enough() || a.broken || s.vanished) {
		s.mu.Unlock()
		s.shedReserve()
		s.mu.Lock()
		s.sealActive()
	}
	if s.active != nil {
		s.mu.Unlock()
		return nil
	}
	a := newSegment(s.folder, s.nextName())
	s.mu.Unlock()
	a.size = headerBytes
	f, err := s.create(a)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.active, s.file = a, f
	s.enlist(len(s.segments), a)
	s.mu.Unlock()
	return nil
}

// leastSegment is the size in bytes below which no segment ends for its size:
// a file that is made and removed costs as much as some hundred events.
const leastSegment = 256 << 10

// enough is the size at which the active segment ends: an eighth of what the
// spool holds. Room comes back a segment at a time, so no segment may be most of
// a disk, however small that is; nobody can say beforehand what a disk, a quota
// and the other programs leave. The caller holds the lock.
func (s *Spool) enough() int64 {
	return min(int64(s.opts.SegmentBytes), max(leastSegment, s.used/8))
}

// create makes the segment's file with its header.
func (s *Spool) create(g *segment) (File, error) {
	if err := s.sign(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	open := func() (File, error) {
		return s.fs.OpenFile(g.path(), os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	}
	f, err := open()
	if errors.Is(err, fs.ErrNotExist) {
		if err = s.refolder(); err == nil {
			err = s.sign()
		}
		if err == nil {
			g.folder = s.ownFolder()
			f, err = open()
		}
	}
	if err != nil {
		return nil, err
	}
	_, mapper := f.(Mapper)
	h := header{version: version, marker: g.marker, created: time.Now().UnixMilli(), own: g.own, reserves: mapper && s.reserves()}
	_, err = f.WriteAt(h.append(nil), 0)
	if err == nil && s.opts.Sync == SyncAlways {
		err = s.fs.SyncDir(g.folder.path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), s.fs.Remove(g.path()))
	}
	return f, nil
}

// sealActive ends the active segment; the caller holds the lock, and is the
// leader if there is one.
func (s *Spool) sealActive() {
	a := s.active
	a.sealed = true
	s.endReserve()
	if s.vanished {
		a.held, s.vanished = s.file, false
	} else {
		s.syncer.retire(s, s.file)
	}
	s.active, s.file = nil, nil
	if a.left == 0 {
		s.retire(a)
	}
}
