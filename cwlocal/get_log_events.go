package cwlocal

// GetLogEvents
//
// Behaviour:
//   - events of one stream with startTime ≤ timestamp < endTime, ascending
//   - a page has at most limit events (10,000 unless given) and 1 MiB
//   - without a token, the latest page, or the earliest with startFromHead; with
//     one, the page in the direction of the token
//   - both tokens always: behind the last and before the first event. At the end
//     of its direction a token comes back unchanged, and that is the only sign
//   - tokens belong to their stream and expire after 24 hours
//   - events past the retention of the group are not returned
//
// Differences from AWS: events can be read as soon as the put is answered, and
// pages are never empty or short before the end; unmask changes nothing.

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

type getEventsInput struct {
	group, identifier, stream, token *string
	start, end, limit                *int64
	fromHead                         *bool
}

func getLogEvents(c *call) (any, error) {
	in, err := c.readGetEvents()
	if err != nil {
		return nil, err
	}
	var k check
	k.text("logStreamName", in.stream, &streamName)
	k.number("startTime", in.start, 0, anyTime)
	k.number("endTime", in.end, 0, anyTime)
	k.text("nextToken", in.token, &nextToken)
	k.number("limit", in.limit, 1, maxPageEvents)
	key, err := c.identified(&k, in.group, in.identifier)
	if err != nil {
		return nil, err
	}
	group, err := c.store.Group(key)
	if err != nil {
		return nil, err
	}
	if _, err := c.store.Stream(key, *in.stream); err != nil {
		return nil, err
	}
	return c.eventPage(in, key, notBefore(c.now, group.RetentionDays))
}

func (c *call) readGetEvents() (*getEventsInput, error) {
	in := &getEventsInput{}
	err := c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName":
			in.group = d.String()
		case "logGroupIdentifier":
			in.identifier = d.String()
		case "logStreamName":
			in.stream = d.String()
		case "nextToken":
			in.token = d.String()
		case "startTime":
			in.start = d.Int64()
		case "endTime":
			in.end = d.Int64()
		case "limit":
			in.limit = d.Int64()
		case "startFromHead":
			in.fromHead = d.Bool()
		case "unmask":
			d.Bool()
		default:
			return false
		}
		return true
	})
	return in, err
}

// eventPage reads the page and makes its tokens.
func (c *call) eventPage(in *getEventsInput, key store.GroupKey, oldest int64) (any, error) {
	owner := key.Region + "\x00" + key.Name + "\x00" + *in.stream
	from := eventToken{backward: !value(in.fromHead)}
	r := store.Range{
		Start: value(in.start), End: value(in.end), NotBefore: oldest,
		MaxEvents: int(cmp.Or(value(in.limit), maxPageEvents)), MaxBytes: maxPageBytes,
	}
	if in.token != nil {
		var err error
		if from, err = readEventToken(*in.token, owner, c.now); err != nil {
			return nil, err
		}
		r.From, r.Inclusive = from.at, !from.backward
	}
	r.Backward = from.backward
	page := &eventsAnswer{}
	if in.end == nil || *in.end > r.Start { // an End of zero is no bound for the store
		var err error
		if page.events, _, err = c.store.Read(key, *in.stream, r); err != nil {
			return nil, err
		}
	}
	first, last := from.at, from.at
	if in.token == nil {
		first, last = before(r.Start), before(r.Start)
	}
	if n := len(page.events); n > 0 {
		first, last = page.events[0].Cursor(), behind(&page.events[n-1])
	}
	page.backward = eventToken{true, first}.text(owner, c.now)
	page.forward = eventToken{false, last}.text(owner, c.now)
	switch {
	case in.token == nil || len(page.events) > 0:
	case from.backward:
		page.backward = *in.token
	default:
		page.forward = *in.token
	}
	return page, nil
}

// eventsAnswer is the response of GetLogEvents.
type eventsAnswer struct {
	events            []store.Event
	forward, backward string
}

func (a *eventsAnswer) appendJSON(dst []byte) []byte {
	dst = growFor(dst, a.events, 72)
	dst = append(dst, `{"events":[`...)
	for i := range a.events {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		dst = appendEvent(dst, &a.events[i])
		dst = append(dst, '}')
	}
	return append(dst, `],"nextForwardToken":"`+a.forward+`","nextBackwardToken":"`+a.backward+`"}`...)
}

// growFor makes room for events with so many bytes around each message, so that
// an answer is seldom copied while it grows: only messages full of escapes are
// longer than an eighth more.
func growFor(dst []byte, events []store.Event, around int) []byte {
	n := 1024 // what surrounds the events
	for i := range events {
		n += len(events[i].Message)*9/8 + around
	}
	return slices.Grow(dst, n)
}

// appendEvent appends the members that events have in all answers.
func appendEvent(dst []byte, e *store.Event) []byte {
	dst = append(dst, `"timestamp":`...)
	dst = strconv.AppendInt(dst, e.Time, 10)
	dst = append(dst, `,"message":`...)
	dst = wire.AppendString(dst, e.Message)
	dst = append(dst, `,"ingestionTime":`...)
	return strconv.AppendInt(dst, e.Ingestion, 10)
}
