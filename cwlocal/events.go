package cwlocal

import (
	"cmp"
	"errors"
	"time"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// An Event is a stored log event, for tests that look into the server.
type Event struct {
	// Time is the event's timestamp, in whole milliseconds.
	Time time.Time
	// Ingestion is when the put that brought it was answered, in whole milliseconds.
	Ingestion time.Time
	// Stream is the name of its log stream.
	Stream string
	// Message is its text.
	Message string
}

// Events returns all events of a group, in the order of the service: timestamp,
// then acceptance. An empty region is the server's own. A group that does not
// exist has none. No fault touches it; it is for tests, which have few events.
func (s *Server) Events(region, group string) ([]Event, error) {
	key := store.GroupKey{Region: cmp.Or(region, s.cfg.Region), Name: group}
	var list []Event
	r := store.Range{MaxEvents: maxPageEvents}
	for more := true; more; {
		g, err := s.store.Group(key)
		if errors.Is(err, store.ErrGroupMissing) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		r.NotBefore = notBefore(now(), g.RetentionDays)
		var events []store.Event
		if events, r.From, more, err = s.store.Scan(key, func(string) bool { return true }, r, nil); err != nil {
			return nil, err
		}
		for _, e := range events {
			list = append(list, Event{time.UnixMilli(e.Time), time.UnixMilli(e.Ingestion), e.Stream, string(e.Message)})
		}
	}
	return list, nil
}
