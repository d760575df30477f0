package watchtower

import "github.com/watchtower-go/watchtower/internal/ledger"

// Stats is the ledger of a [Handler] at one moment. It counts records; a
// record that was split into several events counts once.
//
//	Accepted + Recovered = Delivered + Rejected + Dropped + Spooled + Pending
//
// holds in every Stats, whatever the handler is doing.
type Stats = ledger.Counts

// Reasons for which a record is rejected or dropped, as they stand in
// Stats.Reasons and DropError.Reason.
const (
	ReasonQueueFull = ledger.QueueFull // the queue was full
	ReasonClosed    = ledger.Closed    // logged after Close, or left when its time was up
	ReasonEmpty     = ledger.Empty     // an empty message, which the service refuses
	ReasonOversize  = ledger.Oversize  // too long, with Oversize: Drop
	ReasonFormat    = ledger.Format    // the formatter failed
	ReasonTooOld    = ledger.TooOld    // the service: older than 14 days
	ReasonTooNew    = ledger.TooNew    // the service: more than 2 hours ahead
	ReasonExpired   = ledger.Expired   // the service: older than the group's retention
	ReasonInvalid   = ledger.Invalid   // the service refused the content
)
