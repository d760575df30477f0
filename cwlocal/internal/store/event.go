package store

import "cmp"

// An Event is one stored log event.
type Event struct {
	// Time is the event's timestamp in milliseconds since 1970 (UTC).
	Time int64
	// Ingestion is when the put that brought the event was accepted, in
	// milliseconds since 1970 (UTC).
	Ingestion int64
	// Seq tells apart events of one millisecond: the number of the put shifted
	// left by 14 bits, plus the index within the put. It is unique in a store
	// and grows with every Append, so (Time, Seq) is the order of the service:
	// timestamp, then acceptance.
	Seq uint64
	// Stream is the name of the log stream. Append does not look at it.
	Stream string
	// Message is the event's text. What Read, Scan and Get return belongs to
	// the caller, but messages of one page may share memory.
	Message []byte
}

// Cursor is the event's position.
func (e *Event) Cursor() Cursor { return Cursor{e.Time, e.Seq} }

// EventOverhead is what an event counts for besides its message, in bytes, in
// MaxBytes and StoredBytes alike; the service adds the same to each event of a
// PutLogEvents request (API page PutLogEvents).
const EventOverhead = 26

// cost is what the event takes of a page or a block.
func (e *Event) cost() int { return len(e.Message) + EventOverhead }

// A Cursor is the position of an event in its log group. Positions are unique
// and ordered, and merging or expiring blocks never changes them. The zero
// Cursor is the position of no event: seq numbers start above zero.
type Cursor struct {
	Time int64 // milliseconds since 1970 (UTC)
	Seq  uint64
}

// Compare orders positions by time, then by sequence number.
func (c Cursor) Compare(d Cursor) int {
	return cmp.Or(cmp.Compare(c.Time, d.Time), cmp.Compare(c.Seq, d.Seq))
}

// A Range says which events Read and Scan return, and how many at a time.
type Range struct {
	// Start and End bound the timestamps, in milliseconds: Start ≤ time < End.
	// An End of zero is no bound.
	Start, End int64
	// From is the position to go on from, exclusive: a page begins with the
	// first event after it (before it when Backward). If zero, pages begin at
	// the start of the range, or at its end when Backward.
	From Cursor
	// Inclusive makes the event at From itself part of the page.
	Inclusive bool
	// Backward asks for the latest page before From instead of the earliest
	// after it. The events of a page ascend all the same.
	Backward bool
	// MaxEvents bounds the events of a page. If zero, there is no bound.
	MaxEvents int
	// MaxBytes bounds the page: the sum of the messages, in bytes, and of
	// EventOverhead for each. A page has at least one event, however large. If
	// zero, there is no bound.
	MaxBytes int
	// NotBefore hides events with an older timestamp (milliseconds): those
	// past the retention of their group that Expire has not removed yet.
	NotBefore int64
}
