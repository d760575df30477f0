package cwlocal

import "math"

// Limits of the service, from the API model and the pages of the API Reference.
// They are this package's own on purpose, see the package comment.
const (
	maxBatchBytes  = 1_048_576 // of one PutLogEvents: messages in UTF-8, and eventOverhead for each event
	eventOverhead  = 26        // bytes
	maxBatchEvents = 10_000
	maxEventBytes  = 1_048_576 // one event, overhead included

	day      = 86_400_000 // milliseconds
	maxSpan  = day        // from the first to the last valid event of a batch
	maxAge   = 14 * day   // older events are rejected
	maxAhead = day / 12   // events further in the future are rejected: two hours

	maxPageBytes  = 1_048_576 // of GetLogEvents and FilterLogEvents, counted like a batch
	maxPageEvents = 10_000

	maxDescribed = 50   // groups or streams in one answer
	maxListed    = 1000 // groups in one answer of ListLogGroups
	maxTags      = 50   // on one resource
	maxNames     = 100  // streams named in FilterLogEvents
)

// Shapes of the API model that several operations use.
var (
	groupName = rule{
		required: true, min: 1, max: 512, pattern: `[\.\-_/#A-Za-z0-9]+`, matches: matching(`[\.\-_/#A-Za-z0-9]+`),
		long: "Invalid LogGroup or LogStream, both must have length less than or equal to 512.",
	}
	streamName = rule{
		required: true, min: 1, max: 512, pattern: `[^:*]*`, matches: matching(`[^:*]*`),
		long: "Invalid LogGroup or LogStream, both must have length less than or equal to 512.",
	}
	// The same where the member may be absent.
	optionalGroupName  = optional(groupName)
	optionalStreamName = optional(streamName)

	groupIdentifier = rule{min: 1, max: 2048, pattern: `[\w#+=/:,.@-]*`, matches: matching(`[\w#+=/:,.@-]*`)}
	resourceARN     = rule{required: true, min: 1, max: 1011, pattern: `[\w+=/:,.@-]*`, matches: matching(`[\w+=/:,.@-]*`)}
	nextToken       = rule{min: 1}
	kmsKey          = rule{max: 256}
	groupClass      = rule{enum: []string{"STANDARD", "INFREQUENT_ACCESS", "DELIVERY"}}
	accountID       = rule{min: 12, max: 12, pattern: `^\d{12}$`, matches: accountPattern}

	tagKey   = rule{min: 1, max: 128, pattern: `^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$`, matches: matching(`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`)}
	tagValue = rule{max: 256, pattern: `^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`, matches: matching(`[\p{L}\p{Z}\p{N}_.:/=+\-@]*`)}
)

// anyTime bounds a timestamp: it is not negative.
const anyTime = math.MaxInt64

func optional(r rule) rule {
	r.required = false
	return r
}
