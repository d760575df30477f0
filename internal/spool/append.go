package spool

import (
	"cmp"
	"fmt"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// maxGroup is about how many bytes AppendAll writes at once. It bounds the
// memory that takes, and the segments: one can be longer by one write.
const maxGroup = 1 << 20

// Append writes a record, which is all of its events or none, and returns when
// the operating system has it; with SyncAlways, when the disk has it. Nothing
// of the events is kept. The error is ErrFull, ErrTooLarge, ErrClosed, or one
// of the file system's, and then the record is not in the spool.
func (s *Spool) Append(events []cwl.Event) error {
	s.mu.Lock()
	stored := s.store(events)
	s.mu.Unlock()
	if stored {
		return nil
	}
	record := [1][]cwl.Event{events}
	_, err := s.appendSome(record[:], false)
	return err
}

// AppendAll writes records as Append does, with one write and one sync for
// each MiB of them. It returns how many were taken: those, from the first on,
// are in the spool, and the others are not. The error is about the first that
// was not taken.
func (s *Spool) AppendAll(records [][]cwl.Event) (n int, err error) {
	for n < len(records) {
		taken, err := s.appendSome(records[n:], false)
		n += taken
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// appendSome writes as many records as one group may have, in one write.
// Doubtful ones may have been delivered already.
func (s *Spool) appendSome(records [][]cwl.Event, doubtful bool) (taken int, err error) {
	var g *group
	var refused error
	leader, start := false, 0
	s.mu.Lock()
	for _, events := range records {
		if len(events) == 0 {
			continue
		}
		most := mostFrame(events)
		if refused = s.refuse(most); refused != nil {
			break
		}
		if g == nil {
			g, leader = s.join()
			start = len(g.buf)
		}
		g.buf = appendFrame(g.buf, events)
		g.promised += most
		s.promised += most
		if len(g.buf)-start >= maxGroup {
			break
		}
	}
	if g == nil {
		s.mu.Unlock()
		return leading(records), refused
	}
	end := len(g.buf)
	if leader {
		s.lead(g)
	} else {
		g.wait()
	}
	taken, err = g.taken(records, start, end)
	if doubtful && taken > 0 && g.segment != nil {
		s.doubtAppended(g, end)
	}
	s.leave(g)
	return taken, cmp.Or(err, refused)
}

// leading is the number of records at the head that have no events: these are
// taken without being written.
func leading(records [][]cwl.Event) int {
	n := 0
	for n < len(records) && len(records[n]) == 0 {
		n++
	}
	return n
}

// taken is how many of the records are kept whose frames stand in the group
// from start to end, and why not all.
func (g *group) taken(records [][]cwl.Event, start, end int) (n int, err error) {
	if end > g.written {
		err = g.err
	}
	n = leading(records)
	for at := start; at < min(end, g.written); {
		size, _ := frameSize(g.buf[at:])
		at += size
		n++
		n += leading(records[n:])
	}
	return n, err
}

// refuse is why a record of at most that many bytes cannot be appended now; the
// caller holds the lock.
func (s *Spool) refuse(most int64) error {
	if s.closed {
		return ErrClosed
	}
	if room := min(maxBody, s.opts.MaxBytes-s.opts.ownRoom()-headerBytes); most > room {
		return fmt.Errorf("%w: it takes %d bytes, and at most %d are possible", ErrTooLarge, most, room)
	}
	if !s.hasRoom(most) {
		return ErrFull
	}
	return nil
}

// hasRoom reports whether the cap allows n bytes more. A reserve is given up for
// it, and an active segment that is settled.
func (s *Spool) hasRoom(n int64) bool {
	fits := func() bool { return s.taken()+n+headerBytes <= s.opts.MaxBytes-s.opts.ownRoom() }
	if !fits() && !s.leading {
		s.endReserve()
	}
	if !fits() && !s.leading && s.active != nil && s.active.left == 0 && s.active.events > 0 {
		s.sealActive()
	}
	return fits()
}

// taken is how many bytes of the cap are taken; the caller holds the lock.
func (s *Spool) taken() int64 { return s.used + s.promised + s.reserved() }

// write writes the group's frames to the active segment and returns how many
// bytes of them are kept: whole frames only. The leader alone calls it,
// without the lock.
func (s *Spool) write(g *group) (int, error) {
	if err := s.rotate(); err != nil {
		return 0, full(err)
	}
	a := s.active
	first := a.events
	g.segment, g.first = a, first
	for b := g.buf; len(b) > 0; {
		size, events := sealFrame(b, a.marker, first)
		first += events
		b = b[size:]
	}
	n, err := s.file.WriteAt(g.buf, a.size)
	if err == nil && s.opts.Sync == SyncAlways {
		if err = s.file.Sync(); err != nil {
			// What the disk has is unknown. Nobody is told that it has anything.
			n, err = 0, fmt.Errorf("sync %s: %w", a.path(), err)
		}
	}
	if err == nil {
		s.makeReserve(n)
		return n, nil
	}
	s.mu.Lock()
	s.unmap() // before the file is cut under it
	s.reserve = reserve{}
	s.mu.Unlock()
	n = wholeFrames(g.buf, n)
	if n > 0 && s.opts.Sync == SyncAlways {
		if s.file.Sync() != nil {
			n = 0
		}
	}
	// Cut back what is not kept, so that no part of it is ever read.
	if cut := s.file.Truncate(a.size + int64(n)); cut != nil {
		s.opts.Report(fmt.Errorf("cut back %s: %w", a.path(), cut))
		g.uncut = true
		s.blank(a.size+int64(n), len(g.buf)-n)
	}
	return n, full(err)
}

// blank overwrites what cannot be cut back, as far as that is possible. Nothing
// is written over it later, since that might end in the middle of it: the
// segment ends here.
func (s *Spool) blank(at int64, n int) {
	if _, err := s.file.WriteAt(make([]byte, n), at); err != nil {
		s.opts.Report(fmt.Errorf("cut back %s: %w", s.active.path(), err))
		return
	}
	if s.opts.Sync == SyncAlways {
		if err := s.file.Sync(); err != nil {
			s.opts.Report(fmt.Errorf("sync %s: %w", s.active.path(), err))
		}
	}
}

// wholeFrames is the length of the frames that n bytes hold whole.
func wholeFrames(b []byte, n int) int {
	whole := 0
	for whole < n {
		size, _ := frameSize(b[whole:])
		if whole+size > n {
			break
		}
		whole += size
	}
	return whole
}

// commit makes what was written visible to the owner.
func (s *Spool) commit(g *group, written int) {
	if written > 0 {
		s.add(g.buf[:written])
	}
}

// add counts frames that stand at the end of the active segment now. The caller
// holds the lock.
func (s *Spool) add(frames []byte) {
	a := s.active
	before := a.events
	for b := frames; len(b) > 0; {
		size, events := frameSize(b)
		a.add(events)
		b = b[size:]
	}
	s.recent.keep(a, frames, s.opts.Recent)
	a.size += int64(len(frames))
	s.used += int64(len(frames))
	s.pace.bytes += int64(len(frames))
	if s.unread == 0 {
		s.woken()
	}
	s.unread += int64(a.events - before)
	s.syncer.dirty(s)
}

// full adds ErrFull to an error that comes from want of room.
func full(err error) error {
	if noRoom(err) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
