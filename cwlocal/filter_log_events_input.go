package cwlocal

import (
	"time"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

type filterInput struct {
	group, identifier, prefix, pattern, token *string
	start, end, limit                         *int64
	fromHead                                  *bool
	streams                                   []string
}

func (c *call) readFilter() (*filterInput, error) {
	in := &filterInput{}
	err := c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName":
			in.group = d.String()
		case "logGroupIdentifier":
			in.identifier = d.String()
		case "logStreamNames":
			in.streams = d.Strings()
		case "logStreamNamePrefix":
			in.prefix = d.String()
		case "startTime":
			in.start = d.Int64()
		case "endTime":
			in.end = d.Int64()
		case "filterPattern":
			in.pattern = d.String()
		case "nextToken":
			in.token = d.String()
		case "limit":
			in.limit = d.Int64()
		case "startFromHead":
			in.fromHead = d.Bool()
		case "interleaved", "unmask":
			d.Bool()
		default:
			return false
		}
		return true
	})
	return in, err
}

var filterPattern = rule{max: 1024}

// earliestBackward is the first startTime with which events may be listed
// backward: 2024 (API page FilterLogEvents).
var earliestBackward = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

func (in *filterInput) check(c *call) (store.GroupKey, error) {
	var k check
	k.list("logStreamNames", in.streams, 1, maxNames, &streamName)
	k.text("logStreamNamePrefix", in.prefix, &optionalStreamName)
	k.number("startTime", in.start, 0, anyTime)
	k.number("endTime", in.end, 0, anyTime)
	k.text("filterPattern", in.pattern, &filterPattern)
	k.text("nextToken", in.token, &nextToken)
	k.number("limit", in.limit, 1, maxPageEvents)
	key, err := c.identified(&k, in.group, in.identifier)
	if err != nil {
		return key, err
	}
	if in.streams != nil && in.prefix != nil {
		return key, invalidParameter("LogStream names and LogStream name prefix are mutually exclusive parameters.")
	}
	if in.token == nil && in.fromHead != nil && !*in.fromHead && value(in.start) < earliestBackward {
		return key, invalidParameter("startFromHead can be false only when startTime is on or after Jan 1, 2024 00:00:00 UTC.")
	}
	return key, nil
}
