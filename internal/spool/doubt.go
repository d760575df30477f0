package spool

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A process that is killed may have delivered events without acknowledging
// them; the next one delivers them again. So that these can be counted, the ack
// file of a segment says how far it was read, before anything of that is sent.
// A process that ends in order knows better: at Close the mark goes back to the
// last event whose delivery is in doubt.

// noteRead writes down how far segments were read.
func (s *Spool) noteRead(read []*segment) error {
	var errs []error
	for _, g := range read {
		if g.next > g.want && !g.missing {
			g.want = g.next
			// On a full disk duplicates after a kill are not counted. Whoever
			// acknowledges hears of the disk.
			if err := s.saveAck(g); err != nil && !noRoom(err) && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, fmt.Errorf("acknowledge events of %s: %w", g.path(), err))
			}
		}
	}
	return errors.Join(errs...)
}

// MayRepeat is how many of the events, which were read and are not acknowledged
// yet, an earlier process may have delivered.
func (s *Spool) MayRepeat(at []Position) (events int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.repeats {
		return 0
	}
	for _, p := range at {
		if g := s.byID[p.segment]; g != nil && p.event < g.sent && !g.acked.has(p.event) {
			events++
		}
	}
	return events
}

// Doubt says of events that were read and are not going to be acknowledged that
// they may have been delivered: their answer was lost. It is for a Close that
// follows. Of all other events the next process takes for granted that this
// one, having ended in order, did not deliver them.
func (s *Spool) Doubt(at []Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range at {
		if g := s.byID[p.segment]; g != nil {
			g.doubt = max(g.doubt, p.event+1)
		}
	}
}

// AppendDoubtful is AppendAll for records that may have been delivered already.
// It is for the owner, and for a Close that follows.
func (s *Spool) AppendDoubtful(records [][]cwl.Event) (n int, err error) {
	for n < len(records) {
		taken, err := s.appendSome(records[n:], true)
		n += taken
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// doubtAppended notes that a group's frames up to end may have been delivered.
func (s *Spool) doubtAppended(g *group, end int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := g.first
	for at := 0; at < min(end, g.written); {
		size, events := frameSize(g.buf[at:])
		at += size
		first += events
	}
	g.segment.doubt = max(g.segment.doubt, first)
}

// settleDoubt is the last word about what may have been delivered.
func (s *Spool) settleDoubt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.segments {
		g.want = max(g.sent, g.doubt)
	}
}
