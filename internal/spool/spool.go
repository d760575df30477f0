package spool

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// A Spool keeps events in files until they are acknowledged.
//
// Append, Backlog and Wake are for any goroutine. Read, Ack, Adopt and
// Close are for one at a time, the owner; Close may run beside Append.
type Spool struct {
	opts   Options
	fs     FS
	folder *folder // this process's own; under mu
	wake   chan struct{}

	signing sync.Mutex
	looked  time.Time // when the files were looked for last; the owner's

	mu       sync.Mutex
	closed   bool
	segments []*segment          // in the order of reading; retired ones are removed
	byID     map[uint32]*segment // the same
	lastID   uint32
	used     int64      // bytes of all segments that are not retired
	unread   int64      // events not read, in segments of the list
	sweep    bool       // some segment is retired
	stuck    []*segment // settled ones that could not be removed, nor their acknowledgements written
	repeats  bool       // an earlier process may have delivered some of the events

	recent recent

	filling  *group // frames that wait for the next write, or nil
	leading  bool   // somebody writes, or is about to
	idle     sync.Cond
	active   *segment // that is written to; changed by the leader alone, under mu
	file     File     // of active
	number   uint64   // of the last segment in the own folder, under mu
	vanished bool     // the name of the active one is gone
	reserve  reserve  // of active
	pace     pace     // for reserve
	frame    []byte   // memory of store
	promised int64    // bytes on their way to the disk
	syncer   syncer
	untold   []error // what the owner has to report

	unmappable bool // there can be no reserve; the leader's, or of who holds the lock if there is none
	proven     bool // what is stored in a reserve can be read from the file

	turn   chan struct{} // of capacity 1: the next leader may write
	waking atomic.Int32  // appends whose group is written and that have not returned
	spare  sync.Pool     // of *group, empty

	// The owner's.
	reader   reader
	borrowed []*folder // adopted and not yet drained
	arriving []*segment
	refused  map[string]bool // folders that a newer program has to drain
}

// Open makes a subfolder of Dir for this spool and locks it. Close releases it.
// Events that earlier processes left are not touched: see Adopt.
func Open(o Options) (*Spool, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	s := &Spool{
		opts: o, fs: o.FS,
		wake:    make(chan struct{}, 1),
		turn:    make(chan struct{}, 1),
		byID:    make(map[uint32]*segment),
		refused: make(map[string]bool),
	}
	s.idle.L = &s.mu
	var err error
	if s.folder, err = newFolder(o.FS, o.Dir, time.Now(), o.Sync != SyncNever); err != nil {
		return nil, err
	}
	// A disk that is full is no reason not to start: see create.
	if err := s.sign(); err != nil && !noRoom(err) {
		return nil, errors.Join(err, s.folder.release(o.FS))
	}
	return s, nil
}

// ownFolder is the subfolder of this spool.
func (s *Spool) ownFolder() *folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.folder
}

// Path is the subfolder of this spool.
func (s *Spool) Path() string { return s.ownFolder().path }

// A Backlog is what a spool holds.
type Backlog struct {
	// Records is the records with an event that is not acknowledged, Events
	// those events, and Unread those of them that Read has not returned.
	Records, Events, Unread int64
	// Bytes is what the segments take on disk, acknowledged events in them
	// included. It is what MaxBytes bounds, but for a reserve of zeros.
	Bytes int64
}

// Backlog returns what the spool holds now.
func (s *Spool) Backlog() Backlog {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := Backlog{Unread: s.unread, Bytes: s.used}
	for _, g := range s.segments {
		b.Records += g.records
		b.Events += g.left
	}
	return b
}

// Wake receives when there is something to read after there was nothing. What
// comes during a Read that returns events may come without it: read until
// nothing is returned.
func (s *Spool) Wake() <-chan struct{} { return s.wake }

// woken tells the owner that there is something to read.
func (s *Spool) woken() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// enlist adds a segment to the list; the caller holds the lock.
func (s *Spool) enlist(at int, g *segment) {
	s.lastID++
	g.id = s.lastID
	s.byID[g.id] = g
	s.segments = append(s.segments, nil)
	copy(s.segments[at+1:], s.segments[at:])
	s.segments[at] = g
	s.used += g.size
	g.folder.segments++
}

// Close makes what was written durable, unless the policy is SyncNever, and
// gives the locks back. Events that are not acknowledged stay for the next
// process. Later calls return nil.
func (s *Spool) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true // no append begins any more
	for s.leading || s.filling != nil {
		s.idle.Wait()
	}
	if g := s.active; g != nil {
		g.sealed = true
		s.endReserve()
		if g.left == 0 {
			s.retire(g)
		}
	}
	s.recent = recent{} // nobody reads any more
	s.mu.Unlock()

	errs := []error{s.look(true)}
	s.settleDoubt()
	errs = append(errs, s.syncer.close(s))
	if s.file != nil {
		errs = append(errs, s.file.Close())
	}
	// On a full disk the segments that go make room for the acknowledgements.
	errs = append(errs, s.reader.close(), s.removeRetired(), s.saveAcks())
	for _, g := range s.segments {
		if g.held != nil { // it could not be written anew
			errs = append(errs, g.held.Close())
		}
	}
	for _, f := range append(s.borrowed, s.folder) {
		errs = append(errs, f.release(s.fs))
	}
	return errors.Join(errs...)
}
