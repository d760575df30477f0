package engine

import "time"

const (
	// leastBatch is how small batches become on a slow line, in bytes.
	leastBatch = 32 << 10
	// quickBatch is how soon a full batch is answered on a line that may take
	// larger ones.
	quickBatch = sendTimeout / 4
)

// slow notes whether the line took only a part of a batch in the time of a request.
// When that happens again the batch is halved, and others are no larger from then
// on: it would be cut off for ever. It reports whether it was.
func (o *owner) slow(s *send, cut bool) bool {
	if !cut {
		s.slow = 0
		return false
	}
	s.slow++
	bytes := s.batch.Bytes()
	if s.slow < 2 || s.batch.Len() == 1 || bytes <= leastBatch {
		return false
	}
	o.limits.Bytes = min(o.limits.Bytes, max(leastBatch, bytes/2))
	earlier, later := o.halve(s)
	o.reclaim(s.batch)
	earlier.slow, later.slow = 1, 1
	return true
}

// quick lets batches grow again, by an eighth for each full one that the line
// takes easily, up to what the endpoint takes.
func (o *owner) quick(s *send, took time.Duration) {
	if most := o.mostBytes; o.limits.Bytes < most && took < quickBatch && s.batch.Bytes() > o.limits.Bytes/4*3 {
		o.limits.Bytes = min(most, o.limits.Bytes/8*9)
	}
}
