package spool

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// ownRoom is the part of the cap that only AppendOwn may fill: what tells of
// records that found no room must find some.
func (o Options) ownRoom() int64 { return min(64<<10, o.MaxBytes/1024) }

// AppendOwn writes events that the library made by itself, each a record, into
// a segment of their own, and returns when the operating system has them; with
// SyncAlways and SyncInterval, when the disk has them. They come back with the
// mark Own, and no count of records has them. The error is that of Append; where
// there was no room for all, the first of them may be in the spool.
//
// Like Read it is for the owner alone.
func (s *Spool) AppendOwn(events []cwl.Event) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	if !s.leading && s.opts.MaxBytes-s.taken() < reserveBytes {
		s.endReserve()
	}
	g := newSegment(s.folder, s.nextName())
	g.own, g.sealed, g.size = true, true, headerBytes
	buf, cut := ownFrames(events, g.marker, s.opts.MaxBytes-s.taken()-headerBytes)
	promised := int64(len(buf))
	s.promised += promised
	s.mu.Unlock()

	written, err := s.writeOwn(g, buf)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.promised -= promised
	if written > 0 {
		for b := buf[:written]; len(b) > 0; {
			size, n := frameSize(b)
			g.add(n)
			b = b[size:]
		}
		g.size += int64(written)
		s.enlist(len(s.segments), g)
		if s.unread == 0 {
			s.woken()
		}
		s.unread += g.left
	}
	return errors.Join(err, cut)
}

// ownFrames makes frames of as many events as there is room for.
func ownFrames(events []cwl.Event, marker uint32, room int64) ([]byte, error) {
	var buf []byte
	for i := range events {
		start := len(buf)
		buf = appendFrame(buf, events[i:i+1])
		if int64(len(buf)) > room {
			return buf[:start], ErrFull
		}
		sealFrame(buf[start:], marker, uint32(i))
	}
	return buf, nil
}

// writeOwn makes the file of a segment with these frames, and returns how many
// bytes of them are kept: whole frames only. Without any there is no file.
func (s *Spool) writeOwn(g *segment, buf []byte) (int, error) {
	if len(buf) == 0 {
		return 0, nil
	}
	f, err := s.create(g)
	if err != nil {
		return 0, full(err)
	}
	n, err := f.WriteAt(buf, headerBytes)
	if err != nil {
		n = wholeFrames(buf, n)
		err = errors.Join(full(err), f.Truncate(headerBytes+int64(n)))
	}
	if n > 0 && s.opts.Sync != SyncNever {
		if e := errors.Join(f.Sync(), s.fs.SyncDir(g.folder.path)); e != nil {
			n, err = 0, errors.Join(err, fmt.Errorf("sync %s: %w", g.path(), e))
		}
	}
	err = errors.Join(err, f.Close())
	if n == 0 {
		err = errors.Join(err, s.fs.Remove(g.path()))
	}
	return n, err
}

// nextName is the name of a new segment; the caller holds the lock.
func (s *Spool) nextName() fileName {
	s.number++
	return fileName{number: s.number, marker: rand.Uint32()}
}
