package main

import "math/rand/v2"

// A jitter is how the wait between two attempts is drawn.
type jitter uint8

const (
	none         jitter = iota // always the bound
	full                       // between nothing and the bound
	equal                      // between half the bound and the bound
	decorrelated               // between the first bound and three times the last wait
)

// A policy is when a host sends. All times are in seconds.
type policy struct {
	Name string

	Interval float64 // between the first record of a batch and its put
	Ticks    bool    // the interval is counted from the start of the process instead
	Phase    bool    // a batch begun after a pause waits for a random part of the interval
	Spread   float64 // every interval is shortened by up to this part
	Late     bool    // a batch is sealed when it can leave, not when its time has come

	Window int  // requests in flight at most
	Feel   bool // begin with 2, one more a round, half when throttled

	Jitter       jitter
	First, Most  float64 // bounds of the wait after the first failure and after many
	ThrottleMost float64 // Most after a throttled request; zero: as after any failure
	Tries        int     // of a batch before it is dropped; zero: no end

	// A host that drops records because its memory is full, and that was not
	// throttled, makes the next attempt within a second: Burst times, and then once
	// in each Every, at a moment of its own. Zero: the back-off is the same for all.
	Burst, Every float64

	// CreateTries is how often a creation that is throttled is tried within
	// one attempt, as an SDK does, with waits that double from 100 ms.
	CreateTries int

	// A throttled put multiplies the interval by Stretch, up to StretchMost; a
	// delivered one multiplies it by Shrink, down to Interval. Each wait that
	// is longer than Interval is shortened by up to the part Loose, not below
	// Interval. Zero: the interval stays.
	Stretch, StretchMost, Shrink, Loose float64
}

// wait draws how long to wait after a failure, the nth in a row from 0.
func (p *policy) wait(r *rand.Rand, failures int, throttled bool, last float64) float64 {
	first, most := p.First, p.Most
	if throttled && p.ThrottleMost > 0 {
		most = p.ThrottleMost
	}
	bound := min(most, first*float64(int(1)<<min(failures, 10)))
	switch p.Jitter {
	case full:
		return r.Float64() * bound
	case equal:
		return bound/2 + r.Float64()*bound/2
	case decorrelated:
		return min(most, first+r.Float64()*(max(first, 3*last)-first))
	}
	return bound
}

// The policies that are compared. Both naive ones have the library's memory and
// batches, so that what differs is only when they send.
var (
	// naive sends on a fixed tick and tries again every second, for ever.
	naive = policy{
		Name: "naive", Interval: 5, Ticks: true, Late: true, Window: 1,
		First: 1, Most: 1, CreateTries: 1,
	}
	// hasty tries five times in a row and drops the batch.
	hasty = policy{
		Name: "hasty", Interval: 5, Ticks: true, Late: true, Window: 1,
		First: 0.001, Most: 0.001, Tries: 5, CreateTries: 1,
	}
	// draft is what the library did before this was simulated: a sound
	// back-off, but each batch is sealed when its time has come, whether it
	// can leave or not.
	draft = policy{
		Name: "draft", Interval: 5, Window: 4,
		Jitter: full, First: 0.2, Most: 60, CreateTries: 5,
	}
	// ours is what was chosen.
	ours = policy{
		Name: "ours", Interval: 5, Phase: true, Late: true, Window: 4, Feel: true,
		Jitter: full, First: 1, Most: 60, ThrottleMost: 30, CreateTries: 1,
		Stretch: 2, StretchMost: 60, Shrink: 0.75, Loose: 0.5,
	}
)

// but returns p under another name and with a change.
func (p policy) but(name string, change func(*policy)) policy {
	p.Name = name
	change(&p)
	return p
}
