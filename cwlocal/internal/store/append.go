package store

import (
	"errors"
	"fmt"
	"slices"
)

// errMessage is a message that no block can hold.
var errMessage = errors.New("message too large")

// maxSpan bounds the time between the first and the last event of a block, in
// milliseconds: the span that the service allows a put (API page PutLogEvents).
const maxSpan = 24 * 60 * 60 * 1000

// Append stores events in a stream, all or none; when it returns nil they
// survive the death of the process. Time and Message of the events are used,
// messages only during the call; ingestion is in milliseconds. Events that
// are not in order of time are stored in that order, which stays stable.
//
// The error is ErrGroupMissing or ErrStreamMissing. An empty put stores
// nothing, but tells whether the stream exists.
func (s *Store) Append(k GroupKey, stream string, ingestion int64, events []Event) error {
	byTime := func(a, b Event) int { return Cursor{a.Time, 0}.Compare(Cursor{b.Time, 0}) }
	if !slices.IsSortedFunc(events, byTime) {
		events = slices.Clone(events)
		slices.SortStableFunc(events, byTime)
	}
	p := &put{group: k, stream: stream, ingestion: ingestion}
	// Encoded here, by the caller: commits are one after another, callers many.
	for len(events) > 0 {
		if len(events[0].Message) > maxMessage {
			return fmt.Errorf("append to log stream %q: %w: %d bytes, the limit is %d", stream, errMessage, len(events[0].Message), maxMessage)
		}
		n := chunk(events)
		p.drafts = append(p.drafts, s.codec.draft(events[:n], &stamp{ingestion}))
		events = events[n:]
	}
	return s.commit(p)
}

// chunk returns how many of the events make the next block.
func chunk(events []Event) int {
	cost := 0
	for i := range events {
		cost += events[i].cost()
		if i > 0 && (cost > blockCost || i == 1<<seqBits || events[i].Time-events[0].Time > maxSpan) {
			return i
		}
	}
	return len(events)
}
