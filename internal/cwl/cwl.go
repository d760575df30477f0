// Package cwl holds what CloudWatch Logs prescribes: its limits as constants,
// and pure functions that check names and values against them. It knows
// nothing of how events are queued or sent.
//
// Every number carries the page it comes from. Pages are those of the
// Amazon CloudWatch Logs API Reference unless said otherwise.
package cwl

import "time"

// Limits of one PutLogEvents request (page PutLogEvents).
const (
	// MaxBatchBytes bounds a batch: the sum over its events of the message in
	// UTF-8 bytes plus EventOverhead.
	MaxBatchBytes = 1_048_576
	// EventOverhead is what the service adds to each event of a batch.
	EventOverhead = 26
	// MaxBatchEvents is the largest number of events in a batch.
	MaxBatchEvents = 10_000
	// MaxBatchSpan bounds the time between the first and the last event of a batch.
	MaxBatchSpan = 24 * time.Hour
	// MaxEventBytes is the largest message that fits into a batch of its own:
	// 1 MB since April 2025 (256 KB before), less the overhead.
	MaxEventBytes = MaxBatchBytes - EventOverhead
	// MaxAge: an older event is rejected (tooOldLogEventEndIndex).
	MaxAge = 14 * 24 * time.Hour
	// MaxAhead: an event further in the future is rejected (tooNewLogEventStartIndex).
	MaxAhead = 2 * time.Hour
)
