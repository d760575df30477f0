package engine

import "github.com/watchtower-go/watchtower/internal/spool"

// repeated counts which of the events that account has settled as delivered a
// process may have delivered before that was killed.
func (o *owner) repeated() {
	if len(o.acks) == 0 {
		return
	}
	if n := o.spool.MayRepeat(o.acks); n > 0 {
		o.ledger.Repeat(n)
	}
}

// doubt says of a send that is given up, whose answer was lost, that its events
// may have been delivered: the next process counts them when it sends them.
func (o *owner) doubt(s *send) {
	if o.spool == nil || !s.lost {
		return
	}
	var at []spool.Position
	for i := range s.batch.Entries {
		if d := s.batch.Entries[i].Disk; d != 0 {
			at = append(at, spool.At(d))
		}
	}
	o.spool.Doubt(at)
}
