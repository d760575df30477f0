package cwl

import "log/slog"

// An Event is one CloudWatch Logs event on its way through the library,
// formatted once by the encoder and never parsed again.
type Event struct {
	// Time is the event's timestamp in milliseconds since 1970 (UTC).
	Time int64
	// Level is the level of the record that the event was made from.
	Level slog.Level
	// Stream is the name of the log stream that the event goes to.
	Stream string
	// Fragment is the event as it stands in a PutLogEvents body:
	// {"timestamp":…,"message":"…"}, the message escaped for JSON.
	Fragment []byte
	// Size is the length of the message in UTF-8 bytes, as the service counts
	// it: unescaped, and without EventOverhead.
	Size int
	// Seq is the place of the event in the order of acceptance. The queue
	// sets it.
	Seq uint64
	// Disk is the place of the event in the spool, or zero when it is not there.
	Disk uint64
	// Again is set when the event was changed to be sent once more, so that
	// it is not changed a second time.
	Again bool
	// Parts is set when the event is one of several that a record was split
	// into; nil for a record that is a single event.
	Parts *Parts
}

// Cost is what the event takes of a batch's MaxBatchBytes.
func (e *Event) Cost() int { return e.Size + EventOverhead }

// Parts ties the events together that one record became, so that the ledger
// counts the record once. The lock of the ledger guards all fields but Done.
type Parts struct {
	// Left is the number of events not settled yet.
	Left int
	// Bytes is the sum of the sizes of the events settled so far.
	Bytes int64
	// Worst is the gravest outcome so far, as the ledger orders outcomes, and
	// Reason what it gave as the reason.
	Worst  int
	Reason string
	// Done, if not nil, is closed when the last event is settled; from then
	// on the other fields don't change.
	Done chan struct{}
}

// Own marks the events that the library writes by itself: the Parts of such an
// event point here.
var Own = new(Parts)
