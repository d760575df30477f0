package spool

// A Position names an event in a spool while that is open, for Ack. It is
// comparable, and worth nothing to another spool.
type Position struct {
	segment uint32 // from 1
	event   uint32
}

// Key is the position as a number that is never zero, for those who keep many.
func (p Position) Key() uint64 { return uint64(p.segment)<<32 | uint64(p.event) }

// At is the position with that key.
func At(key uint64) Position { return Position{segment: uint32(key >> 32), event: uint32(key)} }

// A Mark says something about an event that was read.
type Mark uint8

const (
	// Last is the last event of its record to be read: those before it, back
	// to the one after the last Last, belong to the same record.
	Last Mark = 1 << iota
	// TooOld is older than MaxAge: the service would refuse it. It has to be
	// acknowledged all the same.
	TooOld
	// Own was written by AppendOwn.
	Own
)

// Last reports whether the event ends its record.
func (m Mark) Last() bool { return m&Last != 0 }

// Own reports whether the event was written by AppendOwn.
func (m Mark) Own() bool { return m&Own != 0 }

// TooOld reports whether the event is older than MaxAge.
func (m Mark) TooOld() bool { return m&TooOld != 0 }
