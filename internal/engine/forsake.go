package engine

import "time"

// deafAfter is how long senders that are cancelled may go on. A client whose
// transport does not look at contexts would hold Close up for as long as it likes.
const deafAfter = 1500 * time.Millisecond

// forsake takes from the senders that do not come back what they have, to be saved
// or dropped like the rest. It may have been stored, or be stored yet. Their
// goroutines end with their requests.
func (o *owner) forsake() {
	for s := range o.flying {
		<-s.built // nothing but the body is the sender's from then on
		delete(o.flying, s)
		if duplicates := s.batch.Len(); !s.lost {
			s.lost = true
			o.ledger.Failed(duplicates)
		}
		o.unshorten(s)
		o.waiting = append(o.waiting, s)
	}
}
