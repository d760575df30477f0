package spool

import (
	"bytes"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A reserve is room at the end of the active segment that the file has already:
// zeros were written there, so the disk has room for it, and it is mapped. A record
// that is stored in it is with the operating system as if it had been written, at a
// small part of the price of a call. The zero value is none.
type reserve struct {
	mem  Mapping // nil if there are only its zeros
	end  int64   // in the file
	made time.Time
}

const (
	// reserveBytes is the most that a reserve takes, and so the most zeros that a
	// process which is killed leaves behind its last record.
	reserveBytes = 256 << 10
	// leastReserve is the least that is worth it.
	leastReserve = 8 << 10
	// smallWrite is the longest frame that goes into a reserve, and the longest
	// group after which one is made: for what is long a call costs little.
	smallWrite = 64 << 10
	// busyBytes, written within busyTime, make a reserve worth it: to make one takes as
	// long as some hundred calls.
	busyBytes = 128 << 10
	busyTime  = reserveTime
	// reserveTime is how long a reserve is used. Its pages are made before that, by
	// a call. A page that the system writes back meanwhile has to be made again when
	// something is stored in it; on a disk that hangs, the whole program would wait
	// for it, since Go does not know that a goroutine waits for memory. What was
	// written lately is not written back, unless somebody wants it at once.
	reserveTime = 10 * time.Millisecond
)

// zeros is what a reserve is made of.
var zeros [reserveBytes]byte

// A pace tells how much is written.
type pace struct {
	since time.Time
	bytes int64 // written since then
}

// busy reports whether much was written in a short time. Then, and after a long
// time, it begins anew.
func (p *pace) busy() bool {
	now := time.Now()
	late := now.Sub(p.since) > busyTime
	busy := p.bytes >= busyBytes && !late
	if busy || late {
		*p = pace{since: now}
	}
	return busy
}

// store puts a record into the reserve, and reports whether it did. The caller
// holds the lock.
func (s *Spool) store(events []cwl.Event) bool {
	a := s.active
	if s.reserve.mem == nil || len(events) == 0 || s.leading || s.closed || a.broken || s.vanished || a.size >= s.enough() {
		return false
	}
	if most := mostFrame(events); most > smallWrite || a.size+most > s.reserve.end {
		return false
	}
	if !s.opts.eager && time.Since(s.reserve.made) > reserveTime {
		s.unmap()
		return false
	}
	s.frame = appendFrame(s.frame[:0], events)
	sealFrame(s.frame, a.marker, a.events)
	if err := s.reserve.mem.Store(s.frame, a.size); err != nil {
		s.untold = append(s.untold, err)
		s.unmap() // what was stored is written over
		return false
	}
	if !s.proven && !s.prove() {
		s.unmappable = true
		s.endReserve()
		return false
	}
	s.add(s.frame)
	return true
}

// prove reads back what was stored for the first time. On some network file systems
// memory is a copy, which reaches the file when it is written back. The caller
// holds the lock.
func (s *Spool) prove() bool {
	b := make([]byte, len(s.frame))
	_, err := s.file.ReadAt(b, s.active.size)
	s.proven = err == nil && bytes.Equal(b, s.frame)
	return s.proven
}

// makeReserve makes a reserve behind a group that was written, if there is none
// and it pays. Where the file system does not give one, all is written with calls.
// The leader alone calls it, without the lock.
func (s *Spool) makeReserve(written int) {
	file, ok := s.file.(Mapper)
	if !ok || s.unmappable || !s.reserves() || written > smallWrite {
		return
	}
	s.mu.Lock()
	at := s.active.size + int64(written)
	n := min(reserveBytes, s.enough()-at)
	used := s.reserve.mem == nil || s.reserve.end-at < leastReserve
	pays := n >= leastReserve && used && s.pace.busy() || s.opts.eager && n > 0
	if !pays || s.used+s.promised+4*reserveBytes > s.opts.MaxBytes {
		s.mu.Unlock()
		return
	}
	s.unmap()
	n = max(n, s.reserve.end-at) // with zeros that could not be used
	s.reserve.end = at + n
	s.mu.Unlock()
	mem, err := func() (Mapping, error) {
		if _, err := s.file.WriteAt(zeros[:n], at); err != nil {
			return nil, err // as it will be told when a record finds no room
		}
		mem, err := file.Map(at, int(n))
		s.unmappable = err != nil
		return mem, err
	}()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.cut(at)
		s.reserve = reserve{}
		return
	}
	s.reserve.mem, s.reserve.made = mem, time.Now()
}

// reserves reports whether there may be zeros behind the records of a segment. What
// is synced is written back: see reserveTime.
func (s *Spool) reserves() bool { return s.opts.Sync == SyncNever }

// reserved is how many bytes the active segment takes beyond its size. The caller
// holds the lock.
func (s *Spool) reserved() int64 {
	if s.reserve.end == 0 {
		return 0
	}
	return max(0, s.reserve.end-s.active.size)
}

// shedReserve is endReserve for the leader, without the lock: to cut the file may
// take the disk long.
func (s *Spool) shedReserve() {
	s.mu.Lock()
	s.unmap()
	size, zeros := s.active.size, s.reserved()
	s.mu.Unlock()
	if zeros == 0 {
		return
	}
	err := s.file.Truncate(size)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reserve = (reserve{}); err != nil {
		s.untold = append(s.untold, err)
	}
}

// endReserve gives the room back. The caller holds the lock, and is the leader if
// there is one.
func (s *Spool) endReserve() {
	s.unmap()
	if s.reserved() > 0 {
		s.cut(s.active.size)
	}
	s.reserve = reserve{}
}

// unmap ends the use of the reserve, but leaves its zeros in the file. The caller
// holds the lock.
func (s *Spool) unmap() {
	if s.reserve.mem != nil {
		if err := s.reserve.mem.Unmap(); err != nil {
			s.untold = append(s.untold, err)
		}
	}
	s.reserve.mem = nil
}

// cut removes zeros from the end of the active segment. If that fails they stay:
// they are no records. The caller holds the lock, and is the leader if there is
// one.
func (s *Spool) cut(size int64) {
	if err := s.file.Truncate(size); err != nil {
		s.untold = append(s.untold, err)
	}
}
