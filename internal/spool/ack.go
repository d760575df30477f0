package spool

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

// ackBytes is the length of an entry of an ack file:
//
//	0  4  first     number of an event of the segment
//	4  4  count     how many are settled from there on; none says that
//	                all events below first may have been delivered, and
//	                replaces what earlier entries say of that
//	8  4  checksum  CRC-32C of bytes 0 to 7 and the segment's marker
//
// Entries all have that length: a damaged one costs itself alone.
const ackBytes = 12

// A run is events that follow each other.
type run struct{ first, count uint32 }

func (r run) append(b []byte, marker uint32) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint32(b, r.first)
	b = binary.LittleEndian.AppendUint32(b, r.count)
	b = binary.LittleEndian.AppendUint32(b, marker)
	sum := checksum(b[start:])
	binary.LittleEndian.PutUint32(b[start+8:], sum)
	return b
}

// parseRun reports false for an entry that is not what was written.
func parseRun(b []byte, marker uint32) (run, bool) {
	r := run{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])}
	var room [ackBytes]byte
	return r, string(r.append(room[:0], marker)) == string(b[:ackBytes])
}

// Ack settles events that were read: they never come again while the machine
// lives. Segments without any other events are removed. An error says that
// the events are settled in memory and not on disk; later calls, and Close,
// try again. A position that is settled already is passed over.
func (s *Spool) Ack(at []Position) error {
	at = slices.Clone(at)
	slices.SortFunc(at, func(a, b Position) int {
		return cmp.Or(cmp.Compare(a.segment, b.segment), cmp.Compare(a.event, b.event))
	})
	s.mu.Lock()
	var g *segment
	for _, p := range at {
		if g == nil || g.id != p.segment {
			g = s.byID[p.segment]
		}
		if g == nil || g.retired {
			continue // settled and gone
		}
		if first, _ := g.settle(p.event); !first {
			continue
		}
		if n := len(g.unsaved); n > 0 && g.unsaved[n-1].first+g.unsaved[n-1].count == p.event {
			g.unsaved[n-1].count++
		} else {
			g.unsaved = append(g.unsaved, run{p.event, 1})
		}
		if g.sealed && g.left == 0 {
			s.retire(g)
		}
	}
	s.mu.Unlock()
	// On a full disk the segments that go make room for the acknowledgements.
	err := errors.Join(s.removeRetired(), s.saveAcks())
	s.tell()
	return err
}

// retire marks a segment whose events are settled; the caller holds the lock.
func (s *Spool) retire(g *segment) {
	if !g.retired {
		g.retired = true
		s.used -= g.size
		s.sweep = true
	}
}

// saveAcks writes the acknowledgements that are not on disk.
func (s *Spool) saveAcks() error {
	s.mu.Lock()
	var todo []*segment
	for _, g := range s.segments {
		if (len(g.unsaved) > 0 || g.want != g.noted) && !g.retired && !g.missing {
			todo = append(todo, g)
		}
	}
	todo = append(todo, s.stuck...)
	s.mu.Unlock()
	var errs []error
	for _, g := range todo {
		err := s.saveAck(g)
		switch {
		case errors.Is(err, fs.ErrNotExist) && g.retired:
			g.unsaved, err = nil, nil // somebody has removed it: nothing comes again
		case errors.Is(err, fs.ErrNotExist):
			_, err = s.salvage(g, false)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("acknowledge events of %s: %w", g.path(), full(err)))
		}
	}
	s.mu.Lock()
	s.stuck = slices.DeleteFunc(s.stuck, func(g *segment) bool { return len(g.unsaved) == 0 })
	s.mu.Unlock()
	return errors.Join(errs...)
}

// Unsaved is the number of events that are settled in memory and not on disk,
// because the disk did not take their acknowledgements: after a Close that
// failed at it they come again.
func (s *Spool) Unsaved() (events int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := func(g *segment) {
		for _, r := range g.unsaved {
			events += int64(r.count)
		}
	}
	for _, g := range s.segments {
		if !g.retired && !g.missing { // or it is about to be removed
			count(g)
		}
	}
	for _, g := range s.stuck {
		count(g)
	}
	return events
}

// saveAck appends the unsaved runs of a segment to its ack file, and the mark if
// that has moved. The file is opened each time: the batch that is acknowledged
// pays for it, and no segment that waits holds a descriptor.
func (s *Spool) saveAck(g *segment) error {
	acks := len(g.unsaved)
	if g.want != g.noted {
		g.unsaved = append(g.unsaved, run{first: g.want})
	}
	err := s.saveRuns(g)
	if n := len(g.unsaved); n > 0 && g.unsaved[n-1].count == 0 {
		g.unsaved = g.unsaved[:n-1] // made anew by the next try
	} else {
		g.noted = g.want
	}
	if acks == 0 && noRoom(err) {
		return nil // only the mark is missing
	}
	return err
}

func (s *Spool) saveRuns(g *segment) error {
	if len(g.unsaved) == 0 {
		return nil
	}
	f, err := s.fs.OpenFile(g.ackPath(), os.O_WRONLY|os.O_CREATE, fileMode)
	if err != nil {
		return err
	}
	var b []byte
	for _, r := range g.unsaved {
		b = r.append(b, g.marker)
	}
	n, err := f.WriteAt(b, g.ackSize)
	saved := n / ackBytes // a torn entry is overwritten by the next try
	g.ackSize += int64(saved * ackBytes)
	g.unsaved = slices.Delete(g.unsaved, 0, saved)
	return errors.Join(err, f.Close())
}

// loadAcks reads the ack file of a segment, and tells of damage in it.
func (s *Spool) loadAcks(g *segment) error {
	f, err := s.fs.OpenFile(g.ackPath(), os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	a := acks{marker: g.marker, most: uint64(g.size) / minEvent}
	if err := a.read(f); err != nil {
		return err
	}
	g.acked, g.ackSize = a.acked, a.end
	g.sent, g.want, g.noted = a.sent, a.sent, a.sent
	if a.damage != nil {
		a.damage.Path = g.ackPath()
		s.opts.Report(a.damage)
	}
	return nil
}

// acks is what the ack file of a segment says that has at most so many events.
// Its memory is bounded by that, whatever the file says.
type acks struct {
	marker uint32
	most   uint64

	acked  bits
	sent   uint32 // events below may have been delivered
	end    int64  // of the last entry that is sound
	damage *DamageError
}

// ackWindow is how much is read at once.
const ackWindow = ackBytes << 10

// read reads a file. An event has one entry at most, and a mark; the rest of a
// file that is longer is not looked at.
func (a *acks) read(f File) error {
	size, err := f.Size()
	if err != nil {
		return err
	}
	most := (2*int64(a.most) + 2) * ackBytes
	b := make([]byte, min(size, ackWindow))
	for at := int64(0); at < min(size, most); at += int64(len(b)) {
		n, err := f.ReadAt(b[:min(int64(len(b)), size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		a.parse(b[:n], at)
	}
	if size > most+ackWindow {
		a.damaged(most, size-most)
	}
	return nil
}

// parse reads the entries that begin at an offset of the file. Of a damaged one
// the events come again.
func (a *acks) parse(b []byte, at int64) {
	for ; len(b) >= ackBytes; b = b[ackBytes:] { // one that is torn was promised to nobody
		r, ok := parseRun(b, a.marker)
		at += ackBytes
		switch {
		case !ok || uint64(r.first)+uint64(r.count) > a.most:
			a.damaged(at-ackBytes, ackBytes)
			continue
		case r.count == 0:
			a.sent = r.first
		}
		for n := range r.count {
			a.acked.set(r.first + n)
		}
		a.end = at
	}
}

func (a *acks) damaged(at, n int64) {
	if a.damage == nil {
		a.damage = &DamageError{Offset: at, What: "acknowledgements do not match their checksum, their events come again"}
	}
	a.damage.Bytes += n
}
