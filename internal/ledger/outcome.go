package ledger

import (
	"log/slog"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// An Outcome is what became of a record. A higher one is graver: a record
// split into several events has the gravest outcome of its events.
type Outcome int

// The outcomes. Spooled is one for the process that ends, not for the record.
const (
	Delivered Outcome = iota
	Spooled
	Rejected
	Dropped
)

// Reasons for the outcomes Rejected and Dropped.
const (
	QueueFull = "queue full"
	SpoolFull = "spool full"
	Closed    = "closed"
	Empty     = "empty message"
	Oversize  = "message too long"
	Format    = "formatter failed"
	TooOld    = "too old"
	TooNew    = "too new"
	Expired   = "expired"
	Invalid   = "refused by the service"
	Damaged   = "damaged on disk"
)

// A Sum gathers events that have the same outcome.
type Sum struct {
	// Spooled says that the events are counted as spooled, not as pending.
	Spooled bool
	// Stream is their log stream, if they have one in common.
	Stream string

	Events, Bytes int64
	// First and Last are the earliest and latest time, in milliseconds.
	First, Last int64
	// Levels has the number of events by level, when it is not nil.
	Levels map[slog.Level]int64

	// Graver has the records that Settle closed with a graver outcome than
	// that of these events: another of their events had it before.
	Graver []Closing

	single, singleBytes int64
	parts               []share
	own                 int64
}

// A Closing is the end of a record that became several events.
type Closing struct {
	Outcome Outcome
	Reason  string
	Bytes   int64
}

// A share is one event of a record that became several.
type share struct {
	parts *cwl.Parts
	size  int
}

// Add adds one event. Records of our own count for nothing but themselves.
func (s *Sum) Add(time int64, size int, level slog.Level, parts *cwl.Parts) {
	if parts == cwl.Own {
		s.own++
		return
	}
	if s.Events == 0 || time < s.First {
		s.First = time
	}
	if s.Events == 0 || time > s.Last {
		s.Last = time
	}
	s.Events++
	s.Bytes += int64(size)
	if s.Levels != nil {
		s.Levels[level]++
	}
	if parts != nil {
		s.parts = append(s.parts, share{parts, size})
		return
	}
	s.single++
	s.singleBytes += int64(size)
}
