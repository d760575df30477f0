// Package store keeps log groups, streams and events for the local server, in
// memory or in a directory.
package store

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"
)

// Options configures a Store.
type Options struct {
	// Dir is the directory that holds the data. If empty, everything stays in memory.
	Dir string
	// Sync makes every commit wait for the disk.
	Sync bool
}

// Sentinels.
var (
	ErrGroupExists   = errors.New("log group exists")
	ErrGroupMissing  = errors.New("log group does not exist")
	ErrStreamExists  = errors.New("log stream exists")
	ErrStreamMissing = errors.New("log stream does not exist")
	ErrEventMissing  = errors.New("log event does not exist")
	ErrClosed        = errors.New("store is closed")
)

// Store keeps log events.
type Store struct {
	mu     sync.Mutex
	put    uint64
	groups map[GroupKey]*naiveGroup
}

type naiveGroup struct {
	Group
	streams map[string]*naiveStream
}

type naiveStream struct {
	Stream
	events []Event
}

// Open opens a store.
func Open(o Options) (*Store, error) {
	return &Store{groups: map[GroupKey]*naiveGroup{}}, nil
}

// Close closes it.
func (s *Store) Close() error { return nil }

// CreateGroup returns ErrGroupExists when the group exists.
func (s *Store) CreateGroup(g Group) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[g.GroupKey] != nil {
		return ErrGroupExists
	}
	g.StoredBytes, g.Tags = 0, maps.Clone(g.Tags)
	s.groups[g.GroupKey] = &naiveGroup{g, map[string]*naiveStream{}}
	return nil
}

// Group returns a group.
func (s *Store) Group(k GroupKey) (Group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[k]
	if g == nil {
		return Group{}, ErrGroupMissing
	}
	c := g.Group
	c.Tags = maps.Clone(c.Tags)
	for _, st := range g.streams {
		for _, e := range st.events {
			c.StoredBytes += int64(e.cost())
		}
	}
	return c, nil
}

// UpdateGroup changes a group.
func (s *Store) UpdateGroup(k GroupKey, change func(*Group) error) error {
	c, err := s.Group(k)
	if err != nil {
		return err
	}
	if err := change(&c); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[k]
	if g == nil {
		return ErrGroupMissing
	}
	c.GroupKey, c.StoredBytes, c.Tags = k, 0, maps.Clone(c.Tags)
	g.Group = c
	return nil
}

// DeleteGroup deletes a group.
func (s *Store) DeleteGroup(k GroupKey) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[k] == nil {
		return ErrGroupMissing
	}
	delete(s.groups, k)
	return nil
}

// Groups are the groups of a region by name.
func (s *Store) Groups(region, after string) iter.Seq[Group] {
	return func(yield func(Group) bool) {
		s.mu.Lock()
		var all []GroupKey
		for k := range s.groups {
			if k.Region == region && k.Name > after {
				all = append(all, k)
			}
		}
		s.mu.Unlock()
		slices.SortFunc(all, func(a, b GroupKey) int { return cmp.Compare(a.Name, b.Name) })
		for _, k := range all {
			if g, err := s.Group(k); err == nil && !yield(g) {
				return
			}
		}
	}
}

// CreateStream creates a stream.
func (s *Store) CreateStream(k GroupKey, name string, now int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[k]
	if g == nil {
		return ErrGroupMissing
	}
	if g.streams[name] != nil {
		return ErrStreamExists
	}
	g.streams[name] = &naiveStream{Stream: Stream{Name: name, Created: now}}
	return nil
}

func (s *Store) stream(k GroupKey, name string) (*naiveStream, error) {
	g := s.groups[k]
	if g == nil {
		return nil, ErrGroupMissing
	}
	if g.streams[name] == nil {
		return nil, ErrStreamMissing
	}
	return g.streams[name], nil
}

// Stream returns a stream.
func (s *Store) Stream(k GroupKey, name string) (Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(k, name)
	if err != nil {
		return Stream{}, err
	}
	return st.Stream, nil
}

// DeleteStream deletes a stream.
func (s *Store) DeleteStream(k GroupKey, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.stream(k, name); err != nil {
		return err
	}
	delete(s.groups[k].streams, name)
	return nil
}

// Streams are the streams of a group by name.
func (s *Store) Streams(k GroupKey, after string) iter.Seq[Stream] {
	return func(yield func(Stream) bool) {
		s.mu.Lock()
		var all []Stream
		if g := s.groups[k]; g != nil {
			for _, st := range g.streams {
				if st.Name > after {
					all = append(all, st.Stream)
				}
			}
		}
		s.mu.Unlock()
		slices.SortFunc(all, func(a, b Stream) int { return cmp.Compare(a.Name, b.Name) })
		for _, st := range all {
			if !yield(st) {
				return
			}
		}
	}
}

// Append stores events.
func (s *Store) Append(k GroupKey, stream string, ingestion int64, events []Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(k, stream)
	if err != nil || len(events) == 0 {
		return err
	}
	s.put++
	for i, e := range events {
		st.events = append(st.events, Event{e.Time, ingestion, s.put<<14 | uint64(i), stream, slices.Clone(e.Message)})
	}
	slices.SortStableFunc(st.events, func(a, b Event) int { return a.Cursor().Compare(b.Cursor()) })
	st.FirstEvent, st.LastEvent = st.events[0].Time, st.events[len(st.events)-1].Time
	st.LastIngestion = ingestion
	return nil
}

func (r *Range) has(e *Event) bool {
	if e.Time < max(r.Start, r.NotBefore) || r.End != 0 && e.Time >= r.End {
		return false
	}
	d := e.Cursor().Compare(r.From)
	switch {
	case r.From == Cursor{}:
		return true
	case d == 0:
		return r.Inclusive
	}
	return d < 0 == r.Backward
}

// Read returns a page of one stream.
func (s *Store) Read(k GroupKey, stream string, r Range) (events []Event, more bool, err error) {
	s.mu.Lock()
	_, err = s.stream(k, stream)
	s.mu.Unlock()
	if err != nil {
		return nil, false, err
	}
	events, _, more, err = s.Scan(k, func(n string) bool { return n == stream }, r, nil)
	return events, more, err
}

// Scan returns a page of all streams that match. The next page begins at next.
func (s *Store) Scan(k GroupKey, match func(string) bool, r Range, keep func(*Event) bool) (events []Event, next Cursor, more bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[k]
	if g == nil {
		return nil, next, false, ErrGroupMissing
	}
	for _, st := range g.streams {
		if match != nil && !match(st.Name) {
			continue
		}
		for _, e := range st.events {
			if r.has(&e) && (keep == nil || keep(&e)) {
				events = append(events, e)
			}
		}
	}
	slices.SortFunc(events, func(a, b Event) int { return a.Cursor().Compare(b.Cursor()) })
	if r.Backward {
		slices.Reverse(events)
	}
	size := 0
	for i := range events {
		size += events[i].cost()
		if i > 0 && (r.MaxEvents > 0 && i == r.MaxEvents || r.MaxBytes > 0 && size > r.MaxBytes) {
			events, more = events[:i], true
			break
		}
	}
	next = r.From
	if len(events) > 0 {
		next = events[len(events)-1].Cursor()
	}
	if r.Backward {
		slices.Reverse(events)
	}
	return events, next, more, nil
}

// Get returns the event at a position.
func (s *Store) Get(k GroupKey, c Cursor) (Event, error) {
	events, _, _, err := s.Scan(k, nil, Range{From: c, Inclusive: true, MaxEvents: 1}, nil)
	if err != nil {
		return Event{}, err
	}
	if len(events) == 0 || events[0].Cursor() != c {
		return Event{}, ErrEventMissing
	}
	return events[0], nil
}

// Expire deletes events past retention.
func (s *Store) Expire(now int64) (removed int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.groups {
		if g.RetentionDays == 0 {
			continue
		}
		for _, st := range g.streams {
			n := len(st.events)
			st.events = slices.DeleteFunc(st.events, func(e Event) bool { return e.Time < now-int64(g.RetentionDays)*86_400_000 })
			removed += n - len(st.events)
		}
	}
	return removed, nil
}

// Check verifies everything stored.
func (s *Store) Check() error { return nil }

// Stats counts what the store did.
type Stats struct{}

// Stats returns the counters.
func (s *Store) Stats() Stats { return Stats{} }
