package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// Read returns events that were not read before, adopted ones first and then
// in the order of Append, until about maxBytes of fragments were read, yield
// returns false, or there is nothing more. It never waits. An event for which
// yield returned false counts as read. The event and its fragment are valid
// during the call of yield; Parts is nil. yield must not call the spool, except for Leave.
//
// Read skips what is damaged and reports it as a *DamageError. Its own error
// is the file system's: a file that cannot be opened now, because the process
// has too many open perhaps, ends the call, and the next one tries again. So
// does a file that cannot be read, twice; then it is passed over, reported as
// damaged, and left in place.
func (s *Spool) Read(maxBytes int, yield func(e *cwl.Event, at Position, m Mark) bool) (int, error) {
	r := turn{Spool: s, left: maxBytes, yield: yield, oldest: time.Now().Add(-s.opts.MaxAge).UnixMilli()}
	var errs []error
	if s.reader.part > 0 {
		r.frame(s.reader.halfOf, s.reader.half)
	}
	for !r.stop && r.left > 0 {
		g, frames, upTo := s.nextSegment()
		if g == nil {
			break
		}
		r.touch(g)
		if frames != nil {
			r.memory(g, frames)
			continue
		}
		if err := r.segment(g, upTo); err != nil {
			errs = append(errs, err)
			if !g.broken {
				break // what follows must not overtake it
			}
		}
	}
	s.mu.Lock()
	s.unread -= int64(r.read)
	s.mu.Unlock()
	errs = append(errs, s.noteRead(r.touched), s.removeRetired())
	s.tell()
	return r.read, errors.Join(errs...)
}

// nextSegment returns the first segment with something to read, and what of that
// is in memory or, if nothing is, up to where the file is to be read. No memory
// is read any more that it has returned before.
func (s *Spool) nextSegment() (g *segment, frames []byte, upTo place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent.forget()
	for _, g := range s.segments {
		if g.offset < g.size && !g.retired {
			frames, upTo = s.recent.next(g)
			return g, frames, upTo
		}
	}
	return nil, nil, place{}
}

// A turn is one call of Read.
type turn struct {
	*Spool
	left   int // bytes
	read   int // events
	oldest int64
	yield  func(*cwl.Event, Position, Mark) bool
	stop   bool
	event  cwl.Event // the one that is yielded

	touched []*segment
}

// maxFailures is how often reading a segment may fail at one place before what
// follows there is given up.
const maxFailures = 3

// touch notes that something is read of a segment.
func (r *turn) touch(g *segment) {
	if n := len(r.touched); n == 0 || r.touched[n-1] != g {
		r.touched = append(r.touched, g)
	}
}

// memory reads frames that this process has just written.
func (r *turn) memory(g *segment, frames []byte) {
	for len(frames) > 0 && !r.stop && r.left > 0 {
		f := headOf(frames, g.offset)
		f.body, frames = frames[frameHead:f.size], frames[f.size:]
		g.offset, g.next = f.offset+f.size, f.first+f.events
		r.frame(g, f)
	}
}

// segment reads the file of a segment up to a place.
func (r *turn) segment(g *segment, upTo place) error {
	if g.broken { // and was written to meanwhile
		r.giveUp(g, "it could not be read before")
		return nil
	}
	sc, err := r.reader.open(r.fs, g, upTo.offset)
	if errors.Is(err, fs.ErrNotExist) {
		later, failed := r.salvage(g, false)
		if failed == nil && !later {
			return nil // it is elsewhere now, or given up
		}
		return fmt.Errorf("read spool %s: %w", g.folder.path, cmp.Or(failed, err))
	}
	if err != nil {
		return fmt.Errorf("read spool %s: %w", g.folder.path, err)
	}
	for !r.stop && r.left > 0 {
		f, h, err := sc.scan()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r.failed(g, err)
		}
		if h != nil {
			r.lose(g, h, sc, upTo)
			continue
		}
		g.failures = 0
		g.offset, g.next = f.offset+f.size, f.first+f.events
		r.frame(g, f)
	}
	return nil
}

// failed notes that a segment could not be read.
func (r *turn) failed(g *segment, err error) error {
	err = errors.Join(fmt.Errorf("read spool %s: %w", g.path(), err), r.reader.close())
	if g.failures++; g.failures >= maxFailures {
		r.giveUp(g, "it cannot be read: "+err.Error())
	}
	return err
}

// giveUp settles what is not read of a segment, up to what is in memory. If it is
// the active one, no other group is written to it: see rotate. One that is under
// way is given up when its turn comes, and so is what stands behind memory.
func (s *Spool) giveUp(g *segment, what string) {
	s.mu.Lock()
	g.broken = true
	frames, upTo := s.recent.next(g)
	if frames != nil {
		s.mu.Unlock()
		return
	}
	e := &DamageError{Path: g.path(), Offset: g.offset, Bytes: upTo.offset - g.offset, Tail: upTo.offset == g.size, What: what}
	e.Events, e.Records = s.settleLost(g, upTo.event)
	g.offset, g.next = upTo.offset, upTo.event
	s.mu.Unlock()
	s.opts.Report(e)
}

// frame yields the events of a frame that are not settled and not read. If it
// is stopped before the end, the frame is kept: its memory is the reader's, and
// the rest comes from there.
func (r *turn) frame(g *segment, f frame) {
	body := f.body
	last := g.lastLeft(f) // the owner alone settles events, so no lock
	part := r.reader.part
	r.reader.part = 0
	e := &r.event
	for i := range f.events {
		var name []byte
		name, body, _ = nextEvent(body, e) // checked by the scanner
		if i < part || g.passes(f.first+i) {
			continue
		}
		g.arrive(f.first + i)
		e.Stream = r.reader.intern(name)
		var m Mark
		if i+1 == last {
			m = Last
		}
		if g.own {
			m |= Own
		}
		if e.Time < r.oldest {
			m |= TooOld
		}
		r.left -= len(e.Fragment)
		r.read++
		r.stop = !r.yield(e, Position{segment: g.id, event: f.first + i}, m)
		if r.stop && i+1 < last {
			r.reader.half, r.reader.halfOf, r.reader.part = f, g, i+1
			return
		}
	}
}

// lose reports a hole before a place. What it held is known if a frame follows, or
// if the events were written or counted by this spool.
func (r *turn) lose(g *segment, h *hole, sc *scanner, end place) {
	// The frame that follows, if any, begins with the first number not lost.
	upTo := end.event
	if !h.tail {
		if f, what, err := sc.frameAt(sc.offset); err == nil && what == "" {
			upTo = f.first
		}
	}
	e := &DamageError{Path: g.path(), Offset: h.offset, Bytes: h.size, What: h.what}
	r.mu.Lock()
	e.Tail = h.tail && end.offset == g.size
	e.Events, e.Records = r.settleLost(g, upTo)
	g.offset, g.next = h.offset+h.size, min(upTo, g.events)
	r.mu.Unlock()
	r.opts.Report(e)
}

// settleLost settles the events from the next one to be read up to another; the
// caller holds the lock.
func (s *Spool) settleLost(g *segment, upTo uint32) (events, records int64) {
	for i := g.next; i < min(upTo, g.events); i++ {
		if g.passes(i) {
			continue
		}
		g.arrive(i)
		first, whole := g.settle(i)
		if first {
			events++
			s.unread--
		}
		if whole {
			records++
		}
	}
	if g.sealed && g.left == 0 {
		s.retire(g)
	}
	return events, records
}

// tell reports what was found under the lock.
func (s *Spool) tell() {
	s.mu.Lock()
	errs := s.untold
	s.untold = nil
	s.mu.Unlock()
	for _, err := range errs {
		s.opts.Report(err)
	}
}
