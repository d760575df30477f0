package cwlocal

// DescribeLogStreams
//
// Behaviour:
//   - streams of a group, named by name or ARN, 50 at a time or as limit says
//   - ordered by name, or by LastEventTime (not with a prefix), either way round
//   - a stream without events has no event times, no lastIngestionTime and no
//     uploadSequenceToken; storedBytes is always 0, as the service has it
//
// Differences from AWS: times do not lag behind the events.

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

type streamElement struct {
	Name          string `json:"logStreamName"`
	Created       int64  `json:"creationTime"`
	FirstEvent    *int64 `json:"firstEventTimestamp,omitempty"`
	LastEvent     *int64 `json:"lastEventTimestamp,omitempty"`
	LastIngestion *int64 `json:"lastIngestionTime,omitempty"`
	Token         string `json:"uploadSequenceToken,omitempty"`
	ARN           string `json:"arn"`
	Stored        int64  `json:"storedBytes"`
}

type describeStreamsAnswer struct {
	Streams []streamElement `json:"logStreams"`
	Token   string          `json:"nextToken,omitempty"`
}

type describeStreamsInput struct {
	name, identifier, prefix, order, token *string
	descending                             *bool
	limit                                  *int64
}

func describeLogStreams(c *call) (any, error) {
	in, err := c.readDescribeStreams()
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
	listing := strings.Join([]string{"DescribeLogStreams", key.Region, key.Name, in.sort(), value(in.prefix)}, " ")
	after, err := readPageToken(listing, in.token)
	if err != nil {
		return nil, err
	}
	streams, err := in.behind(c, key, after)
	if err != nil {
		return nil, err
	}
	answer := describeStreamsAnswer{Streams: []streamElement{}}
	limit := maxDescribed
	if in.limit != nil {
		limit = int(*in.limit)
	}
	if len(streams) > limit {
		streams = streams[:limit]
		last := &streams[limit-1]
		answer.Token = pageToken(listing, strconv.FormatInt(last.LastEvent, 10), last.Name)
	}
	for i := range streams {
		answer.Streams = append(answer.Streams, c.describeStream(&group, &streams[i]))
	}
	return answer, nil
}

func (c *call) readDescribeStreams() (*describeStreamsInput, error) {
	in := &describeStreamsInput{}
	err := c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName":
			in.name = d.String()
		case "logGroupIdentifier":
			in.identifier = d.String()
		case "logStreamNamePrefix":
			in.prefix = d.String()
		case "orderBy":
			in.order = d.String()
		case "nextToken":
			in.token = d.String()
		case "descending":
			in.descending = d.Bool()
		case "limit":
			in.limit = d.Int64()
		default:
			return false
		}
		return true
	})
	return in, err
}

const byLastEvent = "LastEventTime"

var streamOrder = rule{enum: []string{"LogStreamName", byLastEvent}}

func (in *describeStreamsInput) check(c *call) (store.GroupKey, error) {
	var k check
	k.text("logStreamNamePrefix", in.prefix, &optionalStreamName)
	k.text("orderBy", in.order, &streamOrder)
	k.text("nextToken", in.token, &nextToken)
	k.number("limit", in.limit, 1, maxDescribed)
	key, err := c.identified(&k, in.name, in.identifier)
	if err != nil {
		return key, err
	}
	if value(in.order) == byLastEvent && in.prefix != nil {
		return key, invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	return key, nil
}

// sort names the order, so that tokens of another order are refused.
func (in *describeStreamsInput) sort() string {
	return cmp.Or(value(in.order), "LogStreamName") + strconv.FormatBool(value(in.descending))
}

// behind returns the streams behind the position after, in order.
func (in *describeStreamsInput) behind(c *call, key store.GroupKey, after []string) ([]store.Stream, error) {
	order := func(a, b store.Stream) int { return cmp.Compare(a.Name, b.Name) }
	if value(in.order) == byLastEvent {
		order = func(a, b store.Stream) int {
			return cmp.Or(cmp.Compare(a.LastEvent, b.LastEvent), cmp.Compare(a.Name, b.Name))
		}
	}
	if value(in.descending) {
		ascending := order
		order = func(a, b store.Stream) int { return ascending(b, a) }
	}
	var position *store.Stream
	if len(after) > 1 {
		last, _ := strconv.ParseInt(after[0], 10, 64) // our own digits: the token has a checksum
		// A name may have what separates the parts: all that is left is the name.
		position = &store.Stream{LastEvent: last, Name: strings.Join(after[1:], "\x00")}
	}
	var streams []store.Stream
	for s, err := range c.store.Streams(key, "") {
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(s.Name, value(in.prefix)) && (position == nil || order(*position, s) < 0) {
			streams = append(streams, s)
		}
	}
	slices.SortFunc(streams, order)
	return streams, nil
}

func (c *call) describeStream(g *store.Group, s *store.Stream) streamElement {
	e := streamElement{Name: s.Name, Created: s.Created, ARN: c.groupARN(g.Name) + ":log-stream:" + s.Name}
	if s.LastIngestion != 0 {
		e.LastIngestion, e.Token = &s.LastIngestion, sequenceToken(s.LastIngestion)
	}
	if s.LastEvent != 0 { // all events may have expired
		e.FirstEvent, e.LastEvent = &s.FirstEvent, &s.LastEvent
	}
	return e
}
