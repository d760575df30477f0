package engine

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
)

// A pace is how long batches wait to be filled. Its rules come from a
// simulation of ten thousand hosts that share an account's quotas (docs/fleet.md):
//
//   - After a pause the first batch waits for a random part of the interval, so
//     that hosts which begin together do not go in step.
//   - Requests are what is scarce while the service throttles: the interval
//     doubles with each throttled put, up to a minute, so that fewer and fuller
//     batches leave; each one that is stored brings it back by a quarter.
type pace struct {
	usual    time.Duration // FlushInterval
	interval time.Duration // usual, or longer
	linger   time.Duration // what the batches wait that are begun now
	sealed   time.Time     // when a batch was sealed last
}

// slowest is the longest interval, unless the usual one is longer.
const slowest = time.Minute

func newPace(usual time.Duration) pace {
	return pace{usual: usual, interval: usual, linger: usual}
}

// begin draws the wait of the first events after a pause.
func (p *pace) begin(now time.Time) {
	if now.Sub(p.sealed) > p.interval {
		p.linger = rand.N(p.interval)
	}
}

// leave notes that a batch was sealed, and draws the wait of the next.
func (p *pace) leave(now time.Time) {
	p.sealed = now
	p.draw()
}

func (p *pace) draw() {
	if p.linger = p.usual; p.interval > p.usual {
		p.linger = max(p.usual, p.interval/2+rand.N(p.interval/2))
	}
}

// throttled makes the interval longer.
func (p *pace) throttled() {
	p.interval = min(2*p.interval, max(slowest, p.usual))
	p.draw()
}

// delivered brings the interval back.
func (p *pace) delivered() { p.interval = max(p.usual, p.interval/4*3) }

// open takes on a batch that is being filled. The list is in the order in
// which its batches are due.
func (o *owner) open(b *batch.Batch, born time.Time) {
	b.Due = born.Add(o.pace.linger)
	i, _ := slices.BinarySearchFunc(o.opened, b.Due, byDue)
	for i < len(o.opened) && !o.opened[i].Due.After(b.Due) {
		i++
	}
	o.opened = slices.Insert(o.opened, i, b)
}

// shut takes a batch off the list.
func (o *owner) shut(b *batch.Batch) {
	i, _ := slices.BinarySearchFunc(o.opened, b.Due, byDue)
	for o.opened[i] != b {
		i++
	}
	if o.opened = slices.Delete(o.opened, i, i+1); len(o.opened) == 0 {
		o.opened = nil
	}
}

func byDue(b *batch.Batch, due time.Time) int { return b.Due.Compare(due) }

// mayLeave reports whether a batch that is sealed now could be sent now. If not
// it stays open and goes on filling: after an outage there are a few full
// batches then, not one for each interval.
func (o *owner) mayLeave(b *batch.Batch) bool {
	if o.breaker.open(o.now) {
		return false
	}
	if o.breaker.failures == 0 {
		return len(o.flying)+len(o.waiting) < o.window.size
	}
	// One send finds out whether the service is back. A stream that fails for
	// reasons of its own must not keep the others from it, nor what waits behind
	// its failed sends.
	fresh := slices.ContainsFunc(o.waiting, (*send).fresh)
	return len(o.flying) == 0 && !fresh && len(o.streams.byName[b.Stream].unsettled) == 0
}

// nextDue returns when the next batch is due that may leave, or zero.
func (o *owner) nextDue() time.Time {
	for _, b := range o.opened {
		if o.mayLeave(b) {
			return b.Due
		}
		if o.breaker.failures == 0 {
			break // what keeps this one keeps all, and there may be thousands
		}
	}
	return time.Time{}
}

// sealDue seals the batches that have waited long enough and may leave.
func (o *owner) sealDue() {
	for i := 0; i < len(o.opened) && !o.opened[i].Due.After(o.now); {
		if b := o.opened[i]; o.mayLeave(b) {
			o.sealBatch(b) // and takes it off the list
		} else {
			o.window.used = true // it could be wider
			i++
		}
	}
}
