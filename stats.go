package watchtower

import (
	"time"

	"github.com/watchtower-go/watchtower/internal/engine"
)

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

	// Own is the records that the handler wrote by itself, to tell of losses
	// in the log stream and of what was left out. No other counter has them.
	Own int64
	// SampledOut is the records that Options.Sampling left out. They are not
	// Accepted, and no other counter has them; it is read just after the others.
	SampledOut int64

	// DeliveredBytes and LostBytes are the lengths of the messages of the
	// delivered and of the rejected and dropped records, in UTF-8 bytes.
	DeliveredBytes, LostBytes int64
	// Reasons has the number of rejected and dropped records by reason, one
	// of the Reason constants.
	Reasons map[string]int64
	// Streams has what became of records by log stream: of the 1,024 that
	// were used last, about.
	Streams map[string]StreamStats

	// PossibleDuplicates is the events of batches that were sent again after
	// an answer was lost; those that the next process will send again because
	// a full disk took no note of their delivery; and those that this process
	// delivered out of the spool of an earlier one, which may have done so too
	// before it was killed, or ended without an answer. The service may store
	// them twice. It counts events, not copies: one whose answer was lost
	// three times counts once, and may be stored four times. To reconcile what
	// is stored with Delivered, tell events apart by something in them.
	PossibleDuplicates int64
	// Sends is the number of PutLogEvents requests that succeeded, Failures
	// those that failed.
	Sends, Failures int64
	// BodyBytes is the length of the bodies of successful requests before
	// compression, WireBytes after it.
	BodyBytes, WireBytes int64
}

// StreamStats is what became of the events of one log stream.
type StreamStats struct {
	// Delivered and Lost count events, Bytes is the length of the delivered
	// messages in UTF-8 bytes.
	Delivered, Lost, Bytes int64
	// Last is when an event of it was delivered or lost last.
	Last time.Time
}

// Stats returns the ledger. All figures are from the same moment, and speak
// for all handlers derived from the one that [New] returned. For expvar:
//
//	expvar.Publish("watchtower", expvar.Func(func() any { return h.Stats() }))
func (h *Handler) Stats() Stats {
	c := h.core.engine.Counts()
	s := Stats{
		Accepted: c.Accepted, Recovered: c.Recovered,
		Delivered: c.Delivered, Rejected: c.Rejected, Dropped: c.Dropped, Spooled: c.Spooled, Pending: c.Pending,
		Own: c.Own, DeliveredBytes: c.DeliveredBytes, LostBytes: c.LostBytes, Reasons: c.Reasons,
		PossibleDuplicates: c.PossibleDuplicates, Sends: c.Sends, Failures: c.Failures,
		BodyBytes: c.BodyBytes, WireBytes: c.WireBytes,
	}
	if h.core.sampler != nil {
		s.SampledOut = h.core.sampler.total.Load()
	}
	if len(c.Streams) > 0 {
		s.Streams = make(map[string]StreamStats, len(c.Streams))
		for name, st := range c.Streams {
			s.Streams[name] = StreamStats(st)
		}
	}
	return s
}

// Reasons for which a record is rejected or dropped, as they stand in
// Stats.Reasons and DropError.Reason.
const (
	ReasonQueueFull = "queue full"             // there was no room in memory
	ReasonSpoolFull = "spool full"             // there was no room on disk
	ReasonClosed    = "closed"                 // logged after Close, or left when its time was up
	ReasonEmpty     = "empty message"          // the service does not take it
	ReasonOversize  = "message too long"       // with Oversize: Drop
	ReasonFormat    = "formatter failed"       // NewFormatter's handler returned an error
	ReasonTooOld    = "too old"                // the service: older than 14 days
	ReasonTooNew    = "too new"                // the service: more than 2 hours ahead
	ReasonExpired   = "expired"                // the service: older than the group's retention
	ReasonInvalid   = "refused by the service" // for its content
	ReasonDamaged   = "damaged on disk"        // the spool cannot read it
)

// The engine's own names for the reasons must be the same: a difference does
// not compile.
var _ = map[bool]struct{}{
	false: {},
	ReasonQueueFull == engine.QueueFull && ReasonSpoolFull == engine.SpoolFull && ReasonClosed == engine.Closed &&
		ReasonEmpty == engine.Empty && ReasonOversize == engine.Oversize && ReasonFormat == engine.Format &&
		ReasonTooOld == engine.TooOld && ReasonTooNew == engine.TooNew && ReasonExpired == engine.Expired &&
		ReasonInvalid == engine.Invalid && ReasonDamaged == engine.Damaged: {},
}
