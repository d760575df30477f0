package engine

import (
	"math/rand/v2"
	"time"
)

// A breaker keeps sends back while the service fails. All streams share it: it
// is the group that fails, or the way to it. While it is shut one send at a time
// finds out whether it is back: that is the retry budget (docs/fleet.md: 10,000 hosts
// make 364 requests a second in an outage, one every 27 s each).
type breaker struct {
	failures  int       // in a row
	throttled bool      // by the last of them
	until     time.Time // no send before
	asked     time.Time // until then the service wants peace
	again     bool      // it is the turn of a send that has failed before
	flushes   budget    // of attempts for those who flush
	blocked   budget    // for those who wait for room
}

// An outage is what there is to tell of failures that heal: it lasts as long as
// a send that has failed is not settled, so that one stream which stays broken
// beside others that work is not told as a recovery over and over.
type outage struct {
	failures int
	since    time.Time // of the first
	sends    int       // unsettled sends that have failed
}

// Bounds of the wait between attempts. It doubles with every failure; the wait
// is drawn between nothing and that (full jitter), so that a fleet that failed
// together does not come back together.
const (
	backOffFirst     = time.Second
	backOffMost      = time.Minute
	backOffThrottled = 30 * time.Second // the most after throttling
	// retryAfterMost bounds what an answer may ask for: a pause of hours is the
	// mistake of a proxy, not a wish of the service.
	retryAfterMost = 15 * time.Minute
)

// fail notes a failure and draws how long to wait: beyond what the service has
// asked for, which it may have asked of a whole fleet.
func (b *breaker) fail(now time.Time, atLeast, most time.Duration) {
	bound := min(most, backOffFirst<<min(b.failures, 10))
	b.failures++
	b.asked = now.Add(min(atLeast, retryAfterMost))
	b.until = b.asked.Add(rand.N(bound))
}

// open reports whether sends are kept back now.
func (b *breaker) open(now time.Time) bool { return b.failures > 0 && now.Before(b.until) }

// begin notes the first failure of a send.
func (g *outage) begin(now time.Time) {
	if g.failures == 0 {
		g.since = now
	}
	g.sends++
}
