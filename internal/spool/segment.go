package spool

import (
	mathbits "math/bits"
	"path/filepath"
)

// A segment is a file of events and what is known of each of them. The fields
// of the first block never change; those of the second are guarded by the lock
// of the spool; those of the third are the owner's.
type segment struct {
	id     uint32 // in this spool, for Position
	folder *folder
	name   fileName
	marker uint32
	own    bool // its records are the library's: they are not counted
	zeros  bool // that may follow the last frame, of a reserve

	size    int64  // bytes that are whole frames, header included
	events  uint32 // numbers given out: 0 to events-1
	ends    bits   // events that are the last of their record
	acked   bits   // events that are settled, or lost
	left    int64  // events not settled
	records int64  // records with an event not settled
	sealed  bool   // nothing more is written to it
	retired bool   // not counted in used any more; waits to be removed
	broken  bool   // it could not be read: the file stays for a human to look at; set by the owner

	held File // the open file of one whose name is gone, once it is sealed; guarded by the lock too

	offset  int64  // of the next frame to read
	next    uint32 // the least number that the next frame can begin with
	ackSize int64  // bytes of the ack file that are whole entries
	unsaved []run  // acknowledgements that are not in the ack file
	marks
	again
	missing  bool // its file is gone
	failures int  // attempts to read on that failed
}

// again is what is read a second time.
type again struct {
	later    bits   // events left for that
	coming   int64  // how many of them it has still to return
	frontier uint32 // below it all events were read once
}

// marks are numbers of events: those below may have been delivered.
type marks struct {
	sent  uint32 // by an earlier process
	doubt uint32 // by this one, which ends
	want  uint32 // what the ack file should say while this process lives: what was read
	noted uint32 // what it says
}

// newSegment returns a segment of which only the name is known.
func newSegment(f *folder, name fileName) *segment {
	return &segment{folder: f, name: name, marker: name.marker, offset: headerBytes}
}

func (g *segment) path() string { return filepath.Join(g.folder.path, g.name.String()+segmentEnding) }

func (g *segment) ackPath() string { return filepath.Join(g.folder.path, g.name.String()+ackEnding) }

// lastLeft is one more than the index of the last event of a frame that is not
// settled, or 0.
func (g *segment) lastLeft(f frame) uint32 {
	last := f.events
	for last > 0 && g.acked.has(f.first+last-1) {
		last--
	}
	return last
}

// add counts a record that was written.
func (g *segment) add(events uint32) {
	g.events += events
	g.ends.set(g.events - 1)
	g.left += int64(events)
	if !g.own {
		g.records++
	}
}

// settle marks an event as settled, and reports whether it was not before, and
// whether it was the last of its record to be settled, if that is counted.
func (g *segment) settle(event uint32) (first, whole bool) {
	if event >= g.events || g.acked.has(event) {
		return false, false
	}
	g.acked.set(event)
	g.left--
	if g.own || !g.recordSettled(event) {
		return true, false
	}
	g.records--
	return true, true
}

// recordSettled reports whether all events of the record are settled that the
// event is one of.
func (g *segment) recordSettled(event uint32) bool {
	for i := event; i > 0 && !g.ends.has(i-1); i-- {
		if !g.acked.has(i - 1) {
			return false
		}
	}
	for i := event; !g.ends.has(i) && i+1 < g.events; i++ {
		if !g.acked.has(i + 1) {
			return false
		}
	}
	return true
}

// bits is a set of small numbers.
type bits []uint64

func (b bits) has(n uint32) bool {
	return int(n/64) < len(b) && b[n/64]&(1<<(n%64)) != 0
}

func (b *bits) set(n uint32) {
	for int(n/64) >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[n/64] |= 1 << (n % 64)
}

func (b bits) clear(n uint32) {
	if b.has(n) {
		b[n/64] &^= 1 << (n % 64)
	}
}

func (b bits) count() (n int64) {
	for _, word := range b {
		n += int64(mathbits.OnesCount64(word))
	}
	return n
}
