package batch

import "github.com/watchtower-go/watchtower/internal/cwl"

// Absorb adds the events of another batch of the stream, which came later, if
// the limits allow them beside those of b; it reports whether they do. Both may
// be sealed and complete, but not under way. The other must not be used any more
// then, except for its Memory.
func (b *Batch) Absorb(later *Batch, limits Limits) bool {
	if len(b.Entries)+len(later.Entries) > limits.Events || b.cost+later.cost > limits.Bytes ||
		max(b.Max, later.Max)-min(b.Min, later.Min) > cwl.MaxBatchSpan.Milliseconds() {
		return false
	}
	if b.complete {
		b.body, b.complete = b.body[:len(b.body)-len(tail)], false
	}
	for i := range later.Entries {
		e := later.Event(&later.Entries[i])
		b.Add(&e, later.Born)
	}
	return true
}
