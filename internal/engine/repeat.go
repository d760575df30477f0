package engine

import (
	"errors"
	"time"

	"github.com/watchtower-go/watchtower/internal/deliver"
)

// A failure that goes on is told at once and then ever more seldom: a minute
// later, two minutes after that, four, and so on up to an hour.
const (
	repeatFirst = time.Minute
	repeatMost  = time.Hour
	// maxTroubles bounds the failures that are told apart.
	maxTroubles = 256
)

// Repeats say how often a failure was seen that goes on.
type Repeats struct {
	// Failures is the number of times since it began, also those that were not
	// told: 1 when it is told first.
	Failures int
	// Since is when it began.
	Since time.Time
}

// repeats decide which failures are told. A request that fails after a recovery
// less than a minute ago goes on with what was told before: a service that
// comes and goes is no news each time.
type repeats struct {
	troubles map[failureKey]*trouble
	down     bool // a failed request was told, and no recovery since
}

// A failureKey tells failures apart: what has the same one is not told anew.
type failureKey struct {
	kind     string // of a request
	creating bool   // the group or the stream, not a put
	text     string // of all others, and what is missing
}

// A trouble is one failure that goes on.
type trouble struct {
	Repeats
	last  time.Time     // when it was seen
	told  time.Time     // zero: never
	pause time.Duration // after told
	over  bool          // there was a recovery since it was seen
}

// failed counts a failure. It reports whether it is to be told, and with what
// figures; without room nothing is told now.
func (r *repeats) failed(key failureKey, now time.Time, room bool) (Repeats, bool) {
	t := r.trouble(key, now)
	t.Failures++
	t.last, t.over = now, false
	if !room || !t.told.IsZero() && now.Sub(t.told) < t.pause {
		return Repeats{}, false
	}
	if t.told.IsZero() {
		t.pause = repeatFirst
	} else {
		t.pause = min(2*t.pause, repeatMost)
	}
	t.told = now
	r.down = r.down || key.kind != ""
	return t.Repeats, true
}

// recovered notes that no request fails any more. It reports whether there was
// talk of any.
func (r *repeats) recovered() bool {
	for key, t := range r.troubles {
		if key.kind != "" {
			t.over, t.pause = true, min(t.pause, repeatFirst)
		}
	}
	down := r.down
	r.down = false
	return down
}

// trouble finds what a failure goes on with, or begins.
func (r *repeats) trouble(key failureKey, now time.Time) *trouble {
	if t := r.troubles[key]; t != nil && !t.ended(now) {
		return t
	}
	if r.troubles == nil {
		r.troubles = make(map[failureKey]*trouble)
	}
	if len(r.troubles) >= maxTroubles {
		r.forget(now)
	}
	if len(r.troubles) >= maxTroubles {
		key.text = "" // with the rest
	}
	t := r.troubles[key]
	if t == nil || t.ended(now) {
		t = &trouble{Repeats: Repeats{Since: now}}
		r.troubles[key] = t
	}
	return t
}

// forget drops troubles that have ended.
func (r *repeats) forget(now time.Time) {
	for key, t := range r.troubles {
		if t.ended(now) {
			delete(r.troubles, key)
		}
	}
}

// ended reports whether a failure that is seen now is another one. Those that
// no recovery ends are over when they were not seen for as long as they may
// go untold.
func (t *trouble) ended(now time.Time) bool {
	if t.over {
		return now.Sub(t.last) >= repeatFirst
	}
	return now.Sub(t.last) > repeatMost
}

// keyOf tells what a failure is. What a user can see and mend at a time is one:
// all puts that are denied, but each log stream that is missing.
func keyOf(err error) failureKey {
	switch e := err.(type) {
	case *SendError:
		key := failureKey{kind: e.Kind, creating: deliver.Classify(e.Err).Creating}
		if m, ok := errors.AsType[*deliver.MissingError](e.Err); ok {
			key.text = m.Error()
		}
		return key
	case *DiskError:
		return failureKey{text: e.Err.Error()}
	}
	return failureKey{text: err.Error()}
}
