package spool

import (
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// A group is the frames of all who came while another group was being written.
// The first of them, its leader, writes it for all; the others wait. When it is
// done the leader hands over to that of the next group.
type group struct {
	buf      []byte // guarded by the lock of the spool while the group fills
	promised int64  // how much it may take of the cap; the same
	members  int32  // the same

	finished sync.Cond    // its lock is onlyUnlock of the spool's
	done     atomic.Bool  // the fields below are set
	written  int          // bytes of buf that are kept
	segment  *segment     // where they are
	first    uint32       // number of their first event
	err      error        // why not all
	uncut    bool         // what is not kept could not be cut back
	left     atomic.Int32 // members that have not looked at the result
}

// onlyUnlock is a lock for a sync.Cond whose Wait gives it up and does not take it
// again: those who wait for a group have nothing to do under it, and would wait
// for each other.
type onlyUnlock struct{ *sync.Mutex }

func (onlyUnlock) Lock() {}

// maxSpare bounds the memory that an idle group keeps.
const maxSpare = 1 << 20

// join returns the group that is being filled, and whether the caller is the
// first in it. The caller holds the lock.
func (s *Spool) join() (g *group, leader bool) {
	if s.filling == nil {
		leader = true
		g, _ = s.spare.Get().(*group)
		if g == nil {
			g = &group{}
			g.finished.L = onlyUnlock{&s.mu}
		}
		s.filling = g
	}
	s.filling.members++
	return s.filling, leader
}

// wait returns when the group is written. The caller holds the lock, and does not
// when it returns.
func (g *group) wait() {
	g.finished.Wait()
	if !g.done.Load() { // what the leader set before is seen by those who see this
		panic("spool: woken before the group was written")
	}
}

// leave is called by each member that has looked at the result. The last one
// gives the group back.
func (s *Spool) leave(g *group) {
	s.waking.Add(-1)
	if g.left.Add(-1) == 0 && cap(g.buf) <= maxSpare {
		g.buf, g.promised, g.members, g.err, g.uncut, g.segment = g.buf[:0], 0, 0, nil, false, nil
		g.done.Store(false)
		s.spare.Put(g)
	}
}

// lead writes the group that is being filled. The caller holds the lock, and does
// not when it returns.
func (s *Spool) lead(g *group) {
	wait := s.leading
	s.leading = true
	s.mu.Unlock()
	if wait {
		<-s.turn
	}
	s.gather()
	g.written, g.err = s.write(g)
	g.left.Store(g.members)
	s.waking.Add(g.members)
	s.mu.Lock()
	s.commit(g, g.written)
	if s.active != nil && (s.active.events > 0 && errors.Is(g.err, ErrFull) || g.uncut) {
		// After a failed cut nothing more is written to it. On a full disk it will
		// never be large enough to be ended for its size. Ended, it is removed as
		// soon as it is settled, which is what makes room; and where only this
		// file was full, the next one has room.
		s.sealActive()
	}
	s.promised -= g.promised
	s.leading = s.filling != nil
	next := s.leading
	if !next && s.closed {
		s.idle.Broadcast()
	}
	s.mu.Unlock()
	if next {
		s.turn <- struct{}{}
	}
	g.done.Store(true)
	g.finished.Broadcast()
}

// gather closes the group that is being filled, after those have joined it who are
// about to. Who was woken by the last write and has not run yet will often append
// again: without letting them go first, the leader would write alone for as long
// as it keeps its processor. It goes on when that brings no more of them, since
// they may be behind somebody who takes long.
func (s *Spool) gather() {
	for before := int32(math.MaxInt32); ; {
		waking := s.waking.Load()
		if waking == 0 || waking >= before {
			break
		}
		before = waking
		runtime.Gosched()
	}
	s.mu.Lock()
	s.filling = nil // who comes now begins the next
	s.mu.Unlock()
}
