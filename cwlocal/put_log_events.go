package cwlocal

// PutLogEvents
//
// Behaviour:
//   - the whole request fails when its events are not in chronological order,
//     when its valid events span more than 24 hours, when an event or the batch
//     is larger than 1,048,576 bytes (26 bytes counted for each event besides
//     its message), or when it has none or more than 10,000 events
//   - events more than 2 hours ahead, older than 14 days, or older than the
//     group's retention are left out and reported by their indexes; the rest is
//     stored and the answer is a success
//   - an entity that breaks a rule is reported by rejectedEntityInfo, and the
//     events are stored: UnsupportedLogGroupType in a group that is not STANDARD,
//     MissingRequiredFields without what its Type needs, InvalidTypeValue,
//     InvalidKeyAttributes unless there are 2 to 4 of the five that exist,
//     InvalidAttributes if there are more than 10, or names or values that are
//     empty or too long (pages Entity and RejectedEntityInfo)
//   - sequenceToken is ignored, and the answer always has one
//   - the body may be compressed with gzip
//   - a put that was answered has been stored, whole
//
// Differences from AWS: no quota of requests per second; entities are not kept.
// AWS does not say above which size an entity is EntitySizeTooLarge (here 8 KiB),
// when it is an InvalidEntity (here never), nor which fault counts of several.

import (
	"slices"
	"strconv"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

func putLogEvents(c *call) (any, error) {
	in, err := c.readPut()
	if err != nil {
		return nil, err
	}
	group, r, err := c.checkPut(in)
	if err != nil {
		return nil, err
	}
	if valid := in.events[r.first():r.tooNew]; len(valid) > 0 {
		if err := c.store.Append(c.key(*in.group), *in.stream, c.now, valid); err != nil {
			return nil, err
		}
	}
	answer := &putAnswer{token: sequenceToken(c.now), rejected: r, events: len(in.events)}
	if in.entity != nil {
		answer.entity = in.entity.fault(&group)
	}
	return answer, nil
}

// checkPut returns why a put cannot be stored or, if it can, the group that it
// goes to and which of its events are left out. It changes nothing: faults ask
// it too, before they take their turn.
func (c *call) checkPut(in *putInput) (store.Group, rejected, error) {
	if err := in.check(); err != nil {
		return store.Group{}, rejected{}, err
	}
	key := c.key(*in.group)
	group, err := c.store.Group(key)
	if err != nil {
		return group, rejected{}, err
	}
	if _, err := c.store.Stream(key, *in.stream); err != nil {
		return group, rejected{}, err
	}
	r := c.reject.and(rejections(in.events, c.now, group.RetentionDays))
	return group, r, fits(in.events, r)
}

// fits checks what makes a whole request fail.
func fits(events []store.Event, r rejected) error {
	if !slices.IsSortedFunc(events, func(a, b store.Event) int { return int(min(max(a.Time-b.Time, -1), 1)) }) {
		return invalidParameter("Log events in a single PutLogEvents request must be in chronological order.")
	}
	if valid := events[r.first():r.tooNew]; len(valid) > 0 && valid[len(valid)-1].Time-valid[0].Time > maxSpan {
		return invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	total := 0
	for i := range events {
		size := len(events[i].Message) + eventOverhead
		if size > maxEventBytes {
			return tooLargeEvent(size, maxEventBytes)
		}
		total += size
	}
	if total > maxBatchBytes {
		return invalidParameter("Upload too large: " + strconv.Itoa(total) + " bytes exceeds limit of " + strconv.Itoa(maxBatchBytes))
	}
	return nil
}

func tooLargeEvent(size, limit int) *apiError {
	return invalidParameter("Log event too large: " + strconv.Itoa(size) + " bytes exceeds limit of " + strconv.Itoa(limit))
}

// rejected are the indexes of rejectedLogEventsInfo, for events in
// chronological order.
type rejected struct {
	tooOld  int // exclusive end of the events older than 14 days
	expired int // exclusive end of the events past the group's retention
	tooNew  int // inclusive start of the events too far ahead
}

// first is the index of the first event that is stored, unless it is tooNew.
func (r rejected) first() int { return min(max(r.tooOld, r.expired), r.tooNew) }

func rejections(events []store.Event, now int64, retentionDays int) rejected {
	before := func(t int64) int {
		i := slices.IndexFunc(events, func(e store.Event) bool { return e.Time >= t })
		if i < 0 {
			return len(events)
		}
		return i
	}
	r := rejected{tooOld: before(now - maxAge), tooNew: before(now + maxAhead + 1)}
	if retentionDays > 0 {
		r.expired = before(now - int64(retentionDays)*day)
	}
	return r
}

// putAnswer is the response of PutLogEvents.
type putAnswer struct {
	token    string
	rejected rejected
	events   int    // in the request
	entity   string // why the entity was rejected; empty if it was not
}

func (a *putAnswer) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"nextSequenceToken":"`+a.token+`"`...)
	r := a.rejected
	if r.first() > 0 || r.tooNew < a.events {
		dst = append(dst, `,"rejectedLogEventsInfo":{`...)
		separator := ""
		index := func(name string, i int) {
			dst = append(dst, separator+`"`+name+`":`...)
			dst = strconv.AppendInt(dst, int64(i), 10)
			separator = ","
		}
		if r.tooNew < a.events {
			index("tooNewLogEventStartIndex", r.tooNew)
		}
		if r.tooOld > 0 {
			index("tooOldLogEventEndIndex", r.tooOld)
		}
		if r.expired > 0 {
			index("expiredLogEventEndIndex", r.expired)
		}
		dst = append(dst, '}')
	}
	if a.entity != "" {
		dst = append(dst, `,"rejectedEntityInfo":{"errorType":"`+a.entity+`"}`...)
	}
	return append(dst, '}')
}

// sequenceToken returns 56 digits. Nobody looks at them any more.
func sequenceToken(now int64) string {
	digits := strconv.FormatInt(now, 10)
	token := slices.Repeat([]byte{'0'}, 56)
	copy(token, "4966")
	copy(token[20-min(len(digits), 16):], digits)
	return string(token)
}
