//go:build e2e && unix

package e2e

import (
	"strings"
	"testing"
	"time"
)

func (c *conversation) create(t *testing.T) {
	c.ok(t, "CreateLogGroup", c.with(object{"tags": object{"team": "e2e", "città": "Århus"}}))
	c.refused(t, "CreateLogGroup", c.with(object{}),
		"ResourceAlreadyExistsException", "The specified log group already exists")
	c.refused(t, "CreateLogGroup", object{"logGroupName": "blanks are not allowed"}, "InvalidParameterException", "")
	c.refused(t, "CreateLogGroup", object{"logGroupName": strings.Repeat("g", 513)}, "InvalidParameterException",
		"Invalid LogGroup or LogStream, both must have length less than or equal to 512.")

	for _, stream := range []string{mixedStream, pagedStream, emptyStream} {
		c.ok(t, "CreateLogStream", c.with(object{"logStreamName": stream}))
	}
	c.refused(t, "CreateLogStream", c.with(object{"logStreamName": mixedStream}),
		"ResourceAlreadyExistsException", "The specified log stream already exists")
	c.refused(t, "CreateLogStream", c.with(object{"logStreamName": "no:colon"}), "InvalidParameterException", "")
	c.refused(t, "CreateLogStream", object{"logGroupName": "/none", "logStreamName": "s"},
		"ResourceNotFoundException", "The specified log group does not exist.")
}

func (c *conversation) put(t *testing.T) {
	for stream, events := range map[string][]object{mixedStream: c.mixed(), pagedStream: c.numbered()} {
		out := c.ok(t, "PutLogEvents", c.with(object{"logStreamName": stream, "logEvents": events}))
		if token, _ := out["nextSequenceToken"].(string); token == "" {
			t.Errorf("put to %s: no nextSequenceToken", stream)
		}
		same(t, "rejected", out["rejectedLogEventsInfo"], nil)
	}
}

func (c *conversation) refusePuts(t *testing.T) {
	one := []object{c.event(0, "one")}
	c.refused(t, "PutLogEvents", object{"logGroupName": "/none", "logStreamName": "s", "logEvents": one},
		"ResourceNotFoundException", "The specified log group does not exist.")
	c.refused(t, "PutLogEvents", c.with(object{"logStreamName": "none", "logEvents": one}),
		"ResourceNotFoundException", "The specified log stream does not exist.")

	backwards := []object{c.event(2, "late"), c.event(1, "early")}
	c.refused(t, "PutLogEvents", c.with(object{"logStreamName": pagedStream, "logEvents": backwards}),
		"InvalidParameterException", "Log events in a single PutLogEvents request must be in chronological order.")

	// Two events outside the window of time; nothing of them is stored.
	now := time.Now()
	old := []object{{"timestamp": now.Add(-15 * 24 * time.Hour).UnixMilli(), "message": "two weeks and a day"}}
	out := c.ok(t, "PutLogEvents", c.with(object{"logStreamName": emptyStream, "logEvents": old}))
	same(t, "too old", out["rejectedLogEventsInfo"], object{"tooOldLogEventEndIndex": 1})
	ahead := []object{{"timestamp": now.Add(3 * time.Hour).UnixMilli(), "message": "three hours ahead"}}
	out = c.ok(t, "PutLogEvents", c.with(object{"logStreamName": emptyStream, "logEvents": ahead}))
	same(t, "too new", out["rejectedLogEventsInfo"], object{"tooNewLogEventStartIndex": 0})
	out = c.ok(t, "GetLogEvents", c.with(object{"logStreamName": emptyStream}))
	same(t, "events of the empty stream", pick(out["events"], "message"), []object{})
}

func (c *conversation) putEntities(t *testing.T) {
	if !c.entities {
		return
	}
	for _, put := range []struct {
		entity object
		want   any
	}{
		{object{"keyAttributes": object{"Type": "Service", "Name": "shop", "Environment": "prod"}, "attributes": object{"PlatformType": "AWS::EC2"}}, nil},
		{object{"keyAttributes": object{"Type": "Shop", "Name": "shop"}}, object{"errorType": "InvalidTypeValue"}},
		{object{"keyAttributes": object{"Type": "Service", "Name": "shop"}}, object{"errorType": "MissingRequiredFields"}},
	} {
		// Too old to be stored: later chapters look at the stream.
		old := []object{{"timestamp": time.Now().Add(-15 * 24 * time.Hour).UnixMilli(), "message": "old"}}
		out := c.ok(t, "PutLogEvents", c.with(object{"logStreamName": emptyStream, "logEvents": old, "entity": put.entity}))
		same(t, "rejected entity", out["rejectedEntityInfo"], put.want)
		same(t, "too old", out["rejectedLogEventsInfo"], object{"tooOldLogEventEndIndex": 1})
	}
}
