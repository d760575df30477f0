package drive

import (
	"math/bits"
	"slices"
	"time"
)

// waits are how long calls took. They are counted by length, to two parts in a
// thousand, in as little memory as that takes: it counts as the peer's.
type waits struct {
	counts  [512 + 256*32]uint32 // see place
	n       int
	longest time.Duration
}

// place is where calls that take d are counted: by the nanosecond up to 511, and
// from then on by the first nine bits.
func place(d time.Duration) int {
	v := uint64(max(0, min(d, 1<<40)))
	shift := max(0, bits.Len64(v)-9)
	return shift<<8 + int(v>>shift)
}

// at is what is counted in the middle of a place, in nanoseconds.
func at(place int) float64 {
	shift := max(0, place>>8-1)
	return float64(uint64(place-shift<<8)<<shift) + float64(uint64(1)<<shift)/2 - 0.5
}

func (w *waits) add(d time.Duration) {
	w.counts[place(d)]++
	w.n++
	w.longest = max(w.longest, d)
}

// join adds those of another goroutine.
func (w *waits) join(other *waits) {
	for i, n := range other.counts {
		w.counts[i] += n
	}
	w.n += other.n
	w.longest = max(w.longest, other.longest)
}

// quantile is what that part of all calls took at the most, in nanoseconds.
func (w *waits) quantile(part float64) float64 {
	rest := int(part * float64(w.n-1))
	for i, n := range w.counts {
		if rest -= int(n); rest < 0 {
			return at(i)
		}
	}
	return float64(w.longest)
}

// quantiles fills in how long calls took, less what it takes to look.
func (r *Result) quantiles(w *waits) {
	if w.n == 0 {
		return
	}
	watch := watching()
	of := func(ns float64) float64 { return max(0, ns-watch) }
	r.P50, r.P99, r.P999, r.Max = of(w.quantile(0.5)), of(w.quantile(0.99)), of(w.quantile(0.999)), of(float64(w.longest))
}

// watching returns what it takes to look at the clock twice.
func watching() float64 {
	const n = 10_001
	took := make([]time.Duration, n)
	for i := range took {
		t := time.Now()
		took[i] = time.Since(t)
	}
	slices.Sort(took)
	return float64(took[n/2])
}
