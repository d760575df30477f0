package engine

import (
	"fmt"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
)

// overflow is the log stream that takes the events of streams beyond the limit.
const overflow = "overflow"

// streamIdle is how long a stream is remembered after its last event.
const streamIdle = 5 * time.Minute

// An OverflowError tells that events go to the stream "overflow", because
// their own would be one too many. It is told once.
type OverflowError struct {
	Limit  int
	Stream string // the first that did not fit
}

func (e *OverflowError) Error() string {
	return fmt.Sprintf("more than %d log streams are open: events for %q and other new streams go to %q (raise MaxStreams, or use fewer names)", e.Limit, e.Stream, overflow)
}

// A stream is a log stream with events on their way.
//
// Events of one stream that share a millisecond must reach the service in the
// order of acceptance, so batches that overlap in time go one after another.
// Those that don't may be in flight together. An event that comes late, behind
// batches already sealed, is therefore kept out of the open batch: it would
// make that one overlap and wait. It goes to a batch of its kind, late, and all
// times in late stay below those in open.
type stream struct {
	name      string
	open      *batch.Batch
	late      *batch.Batch
	unsettled []*send // sealed, in the order of sealing
	used      time.Time
	bytes     int // of the body of its next batch, by those before
	events    int
	barred    bool // the last failure was its own, perhaps
	left      int  // events on disk that are to be read again
}

// slot returns where an event of that time goes.
func (s *stream) slot(time int64) **batch.Batch {
	if s.late != nil && time <= s.late.Max {
		return &s.late
	}
	for _, u := range s.unsettled {
		if time <= u.batch.Max {
			return &s.late
		}
	}
	return &s.open
}

// blocked reports whether a batch sealed before s holds times that s holds too,
// or s waits for its twin.
func (s *send) blocked() bool {
	if s.after != nil {
		return true
	}
	for _, u := range s.stream.unsettled {
		if u == s {
			return false
		}
		if u.batch.Min <= s.batch.Max && s.batch.Min <= u.batch.Max {
			return true
		}
	}
	return false
}

// expect takes the next batch to be as large as b or, since the last one of many may
// be small, a little smaller than what was expected before.
func (s *stream) expect(b *batch.Batch) {
	s.bytes, s.events = max(b.BodyBytes(), s.bytes/8*7), max(b.Len(), s.events/8*7)
}

// busy reports whether the stream has events.
func (s *stream) busy() bool { return s.open != nil || s.late != nil || len(s.unsettled) > 0 }

// streams are the log streams in use, at most limit and one for the overflow.
type streams struct {
	limit  int
	byName map[string]*stream
	last   *stream // of the last event: most programs have one stream
	told   bool    // that there are too many
	busy   bool    // no stream is without events: evict found none
	sweep  time.Time
}

func newStreams(limit int) streams {
	return streams{limit: limit, byName: make(map[string]*stream)}
}

// find returns the stream of that name. The flag is true the first time that
// the stream for the overflow stands in for one.
func (m *streams) find(name string) (*stream, bool) {
	if m.last != nil && m.last.name == name {
		return m.last, false
	}
	s, tell := m.byName[name], false
	if s == nil && name != overflow && m.named() >= m.limit && !m.evict() {
		name, tell = overflow, !m.told
		m.told = true
		s = m.byName[name]
	}
	if s == nil {
		s = &stream{name: name}
		m.byName[name] = s
	}
	if s.name != overflow {
		m.last = s
	}
	return s, tell
}

// named is the number of streams beside the one for the overflow.
func (m *streams) named() int {
	if m.byName[overflow] != nil {
		return len(m.byName) - 1
	}
	return len(m.byName)
}

// evict forgets the stream that has been without events for longest. It does
// not look again before settled: every event of the overflow comes here.
func (m *streams) evict() bool {
	if m.busy {
		return false
	}
	var oldest *stream
	for _, s := range m.byName {
		if s.name != overflow && !s.busy() && (oldest == nil || s.used.Before(oldest.used)) {
			oldest = s
		}
	}
	if oldest == nil {
		m.busy = true
		return false
	}
	m.forget(oldest)
	return true
}

// settled notes that a send of some stream is settled, which may have been the
// last of that.
func (m *streams) settled() { m.busy = false }

// nextSweep returns when the streams should be looked through for idle ones.
func (m *streams) nextSweep(now time.Time) (time.Time, bool) {
	if len(m.byName) > 0 && m.sweep.IsZero() {
		m.sweep = now.Add(streamIdle)
	}
	return m.sweep, !m.sweep.IsZero()
}

// reclaim forgets the streams that have had no events for a while, when it is
// time to look.
func (m *streams) reclaim(now time.Time) {
	if m.sweep.IsZero() || now.Before(m.sweep) {
		return
	}
	for _, s := range m.byName {
		if !s.busy() && now.Sub(s.used) >= streamIdle {
			m.forget(s)
		}
	}
	m.sweep = time.Time{}
	if len(m.byName) == 0 {
		m.byName = make(map[string]*stream) // a map does not shrink
	}
}

func (m *streams) forget(s *stream) {
	delete(m.byName, s.name)
	if m.last == s {
		m.last = nil
	}
}
