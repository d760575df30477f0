package watchtower

import "github.com/watchtower-go/watchtower/internal/engine"

// Stats is the ledger of a [Handler] at one moment. The unit is the record; a
// record that was split into several events counts once. Whatever the handler
// is doing, it holds that
//
//	Accepted + Recovered = Delivered + Rejected + Dropped + Spooled + Pending
type Stats struct {
	// Accepted is every record that was handed in, also those that were
	// dropped at once.
	Accepted int64
	// Recovered is the records adopted from the spool of an earlier process.
	Recovered int64

	// Delivered is the records that the service has stored.
	Delivered int64
	// Rejected is the records that the service has refused.
	Rejected int64
	// Dropped is the records given up here.
	Dropped int64
	// Spooled is the records on disk.
	Spooled int64
	// Pending is the records in the queue, in open batches and under way.
	Pending int64

	// DeliveredBytes and LostBytes are the lengths of the messages of the
	// delivered and of the rejected and dropped records, in UTF-8 bytes.
	DeliveredBytes, LostBytes int64
	// Reasons has the number of rejected and dropped records by reason, one
	// of the Reason constants.
	Reasons map[string]int64

	// PossibleDuplicates is the events of batches that were sent again after
	// an answer was lost; the service may have stored them twice.
	PossibleDuplicates int64
	// Sends is the number of PutLogEvents requests that succeeded, Failures
	// those that failed.
	Sends, Failures int64
	// BodyBytes is the length of the bodies of successful requests before
	// compression, WireBytes after it.
	BodyBytes, WireBytes int64
}

// Stats returns the ledger. All figures are from the same moment, and speak
// for all handlers derived from the one that [New] returned.
func (h *Handler) Stats() Stats { return Stats(h.core.engine.Counts()) }

// Reasons for which a record is rejected or dropped, as they stand in
// Stats.Reasons and DropError.Reason.
const (
	ReasonQueueFull = engine.QueueFull // the queue was full
	ReasonClosed    = engine.Closed    // logged after Close, or left when its time was up
	ReasonEmpty     = engine.Empty     // an empty message, which the service does not take
	ReasonOversize  = engine.Oversize  // too long, with Oversize: Drop
	ReasonFormat    = engine.Format    // the formatter failed
	ReasonTooOld    = engine.TooOld    // the service: older than 14 days
	ReasonTooNew    = engine.TooNew    // the service: more than 2 hours ahead
	ReasonExpired   = engine.Expired   // the service: older than the group's retention
	ReasonInvalid   = engine.Invalid   // the service refused the content
)
