package batch

// Halve divides a complete batch of two events or more into two, the earlier
// events and the later ones; both are sealed. They grow in mem. The batch itself
// must not be used any more, except for its Memory.
func (b *Batch) Halve(mem func() Memory) (earlier, later *Batch) {
	k := len(b.Entries) / 2
	earlier, later = b.take(b.Entries[:k], mem()), b.take(b.Entries[k:], mem())
	earlier.Seal()
	later.Seal()
	return earlier, later
}
