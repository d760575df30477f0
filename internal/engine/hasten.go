package engine

import (
	"math/rand/v2"
	"time"
)

// The back-off may be a minute by the time when somebody flushes, and who closes
// a handler has five seconds. So a wait with an end does not stand in line with
// it: there is one attempt at once, then others as the time runs out, each after a
// quarter to half of what is left, and one shortly before the end. All of them are
// the breaker's single send. What the service has asked for (Retry-After) comes
// first, unless the time would be up.
//
// Close happens once in a program's life. Flush may be called after every record,
// through an outage and by ten thousand hosts, so its attempts have a budget.
//
// A call that waits for room, in the queue or on the disk, keeps its program from
// working. An attempt follows each failure within blockedWait then, as far as another
// budget goes. A service that throttles is left in peace: requests are what it has too
// many of.
const blockedWait = time.Second

// A budget allows budgetBurst attempts, and then one in each of its intervals.
type budget struct {
	owed time.Time // when those that were made are paid back
}

const (
	budgetBurst  = 8
	flushEvery   = 10 * time.Second
	blockedEvery = 5 * time.Second
)

// due returns when the next attempt is allowed.
func (b *budget) due(now time.Time, every time.Duration) time.Time {
	return later(now, b.owed.Add((1-budgetBurst)*every))
}

// take notes an attempt.
func (b *budget) take(now time.Time, every time.Duration) {
	b.owed = later(now, b.owed).Add(every)
}

// last is when the last attempt is made: an eighth of the wait before its end, or
// a second, if that is less.
func (t *ticket) last() time.Time {
	return t.end.Add(-min(time.Second, t.end.Sub(t.begin)/8))
}

// next is when an attempt follows one that has failed; share, of 0 to 1, is where
// between the bounds. It is zero when none does.
func (t *ticket) next(now time.Time, share float64) time.Time {
	left := t.last().Sub(now)
	if t.end.IsZero() || left <= 0 || t.over() {
		return time.Time{}
	}
	least := max(100*time.Millisecond, t.end.Sub(t.begin)/16)
	wait := max(least, left/4+time.Duration(share*float64(left/4)))
	if left-wait < least {
		return t.last()
	}
	return now.Add(wait)
}

// over reports whether nobody waits for the ticket any more.
func (t *ticket) over() bool {
	select {
	case <-t.done:
		return true
	default:
		return t.gone.Load()
	}
}

// probe makes an attempt for somebody who has just begun to wait.
func (o *owner) probe(t *ticket) {
	if o.breaker.open(o.now) && !t.over() {
		o.attempt(o.breaker.willing(t, o.now), t.patient)
	}
}

// hasten brings the next attempt forward, after a failure, for those who wait.
func (o *owner) hasten() {
	var flush, end time.Time // the soonest for Flush and for Close
	share := rand.Float64()
	retry := func(tickets []*ticket) {
		for _, t := range tickets {
			soonest := &flush
			if t.patient {
				soonest = &end
			}
			at := t.next(o.now, share)
			if at.IsZero() {
				continue
			}
			if at = o.breaker.willing(t, at); soonest.IsZero() || at.Before(*soonest) {
				*soonest = at
			}
		}
	}
	retry(o.tickets)
	for _, s := range o.waiting {
		retry(s.tickets)
	}
	for s := range o.flying {
		retry(s.tickets)
	}
	o.attempt(end, true)
	o.attempt(flush, false)
}

// attempt lets a send go at that time, if there is one and the budget has it.
func (o *owner) attempt(at time.Time, patient bool) {
	b := &o.breaker
	if at.IsZero() || !at.Before(b.until) {
		return
	}
	if !patient {
		if b.flushes.due(o.now, flushEvery).After(o.now) {
			return
		}
		b.flushes.take(o.now, flushEvery)
	}
	b.until = at
}

// unblock brings the next attempt forward if calls wait for room: not to the moment
// that the service has asked for, which it may have asked of a whole fleet, and not to
// one that all programs share which began to wait together.
func (o *owner) unblock() {
	b := &o.breaker
	if b.failures == 0 || b.throttled || b.until.Sub(o.now) <= blockedWait || !o.queue.Blocked() && o.blocked.Load() == 0 {
		return
	}
	begin, span := later(o.now, b.asked), blockedWait/2
	if due := b.blocked.due(o.now, blockedEvery); due.After(begin) {
		begin, span = due, blockedEvery/2
	} else {
		begin = begin.Add(span)
	}
	if b.until.After(begin.Add(span)) {
		b.blocked.take(o.now, blockedEvery)
		b.until = begin.Add(rand.N(span))
	}
}

// willing puts an attempt for t off to when the service takes one, but not beyond
// the last.
func (b *breaker) willing(t *ticket, at time.Time) time.Time {
	if !at.Before(b.asked) {
		return at
	}
	if last := t.last(); !t.end.IsZero() && last.Before(b.asked) {
		return last
	}
	return b.asked
}
