package cwlocal

// FilterLogEvents
//
// Behaviour:
//   - events of all streams of a group, of up to 100 named ones, or of those
//     with a prefix, with startTime ≤ timestamp ≤ endTime, that match a pattern
//   - ordered by timestamp, then as they were put; the latest first when
//     startFromHead is false, for which startTime must be in 2024 or later
//   - a page has at most limit events (10,000 unless given) and 1 MiB; without
//     nextToken it is the last. A token keeps its direction, and expires after
//     24 hours
//   - eventId is unique and grows in the order of events; searchedLogStreams is
//     always empty; interleaved is ignored
//
// Differences from AWS: of patterns, terms only; others are
// InvalidParameterException. Unmask changes nothing.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
	"github.com/watchtower-go/watchtower/internal/pattern"
)

func filterLogEvents(c *call) (any, error) {
	in, err := c.readFilter()
	if err != nil {
		return nil, err
	}
	key, err := in.check(c)
	if err != nil {
		return nil, err
	}
	group, err := c.store.Group(key)
	if err != nil {
		return nil, err
	}
	wanted, err := pattern.Parse(value(in.pattern))
	if err != nil {
		return nil, invalidParameter(err.Error())
	}
	for _, name := range in.streams {
		if _, err := c.store.Stream(key, name); err != nil {
			return nil, err
		}
	}
	r := in.span(c.now, &group)
	if err := in.resume(c, key, &r); err != nil {
		return nil, err
	}
	answer := &filterAnswer{backward: r.Backward}
	if in.end != nil && *in.end < r.Start {
		return answer, nil
	}
	events, next, more, err := c.store.Scan(key, in.matches, r, func(e *store.Event) bool { return wanted.Match(e.Message) })
	if err != nil {
		return nil, err
	}
	answer.events = events
	if more {
		answer.token = in.nextToken(c, key, next, r.Backward)
	}
	return answer, nil
}

// span is the range of the first page.
func (in *filterInput) span(now int64, group *store.Group) store.Range {
	r := store.Range{
		Start: value(in.start), NotBefore: notBefore(now, group.RetentionDays),
		MaxEvents: int(cmp.Or(value(in.limit), maxPageEvents)), MaxBytes: maxPageBytes,
	}
	if in.end != nil && *in.end != anyTime {
		r.End = *in.end + 1 // the store's ends are exclusive
	}
	return r
}

// matches reports whether a stream is to be searched.
func (in *filterInput) matches(stream string) bool {
	return strings.HasPrefix(stream, value(in.prefix)) && (in.streams == nil || slices.Contains(in.streams, stream))
}

// resume goes on where a token left off, in its direction.
func (in *filterInput) resume(c *call, key store.GroupKey, r *store.Range) error {
	r.Backward = in.fromHead != nil && !*in.fromHead
	parts, err := readPageToken(filterListing(key), in.token)
	if err != nil || parts == nil {
		return err
	}
	var direction string
	var made int64
	if _, err := fmt.Sscan(strings.Join(parts, " "), &direction, &made, &r.From.Time, &r.From.Seq); err != nil || c.now/60_000-made > tokenMinutes {
		return errToken
	}
	r.Backward = direction == "b"
	return nil
}

func (in *filterInput) nextToken(c *call, key store.GroupKey, next store.Cursor, backward bool) string {
	direction := "f"
	if backward {
		direction = "b"
	}
	return pageToken(filterListing(key), direction, fmt.Sprint(c.now/60_000), fmt.Sprint(next.Time), fmt.Sprint(next.Seq))
}

func filterListing(key store.GroupKey) string {
	return "FilterLogEvents " + key.Region + " " + key.Name
}

// filterAnswer is the response of FilterLogEvents.
type filterAnswer struct {
	events   []store.Event // ascending
	backward bool
	token    string
}

func (a *filterAnswer) appendJSON(dst []byte) []byte {
	if a.backward {
		slices.Reverse(a.events)
	}
	dst = growFor(dst, a.events, 192)
	dst = append(dst, `{"events":[`...)
	for i := range a.events {
		e := &a.events[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"logStreamName":`...)
		dst = wire.AppendString(dst, []byte(e.Stream))
		dst = append(dst, ',')
		dst = appendEvent(dst, e)
		dst = append(dst, `,"eventId":"`...)
		dst = append(appendEventID(dst, e), `"}`...)
	}
	dst = append(dst, `],"searchedLogStreams":[]`...)
	if a.token != "" {
		dst = append(dst, `,"nextToken":"`+a.token+`"`...)
	}
	return append(dst, '}')
}

// appendEventID appends 56 digits: a 3, as the service's ids begin with, the
// timestamp, the sequence number, and zeros.
func appendEventID(dst []byte, e *store.Event) []byte {
	id := [56]byte{0: '3'}
	digits(id[1:20], uint64(e.Time)) // no event is from before 1970
	digits(id[20:40], e.Seq)
	digits(id[40:], 0)
	return append(dst, id[:]...)
}

// digits fills dst with a number, zeros in front.
func digits(dst []byte, n uint64) {
	for i := len(dst) - 1; i >= 0; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
}
