//go:build e2e && unix

package e2e

import (
	"encoding/json"
	"fmt"
	"testing"
)

// integer reads a JSON number without a fraction.
func integer(v any) (int64, error) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, fmt.Errorf("%v is no number", v)
	}
	return n.Int64()
}

// arn is the group's name for the tagging operations.
func (c *conversation) arn() string {
	return "arn:aws:logs:us-east-1:000000000000:log-group:" + c.group
}

func (c *conversation) describeGroups(t *testing.T) {
	want := []object{{"logGroupName": c.group, "arn": c.arn() + ":*"}}
	for i := range 5 {
		name := fmt.Sprintf("%s/child-%d", c.group, i)
		c.ok(t, "CreateLogGroup", object{"logGroupName": name})
		want = append(want, object{"logGroupName": name, "arn": "arn:aws:logs:us-east-1:000000000000:log-group:" + name + ":*"})
	}
	prefix := object{"logGroupNamePrefix": c.group}
	read := []any{}
	for in := (object{"logGroupNamePrefix": c.group, "limit": 4}); ; {
		out := c.ok(t, "DescribeLogGroups", in)
		read = append(read, out["logGroups"].([]any)...)
		if out["nextToken"] == nil {
			break
		}
		in["nextToken"] = out["nextToken"]
	}
	same(t, "groups by token", pick(read, "logGroupName", "arn"), want)
	pages := c.all(t, "DescribeLogGroups", prefix)
	same(t, "groups by paginator", pick(merge(pages, "logGroups"), "logGroupName", "arn"), want)
	out := c.ok(t, "DescribeLogGroups", object{"logGroupNamePattern": "child-3"})
	same(t, "groups by pattern", pick(out["logGroups"], "logGroupName", "arn"), want[4:5])
	c.refused(t, "DescribeLogGroups", object{"logGroupNamePrefix": "a", "logGroupNamePattern": "b"},
		"InvalidParameterException", "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
}

func (c *conversation) describeStreams(t *testing.T) {
	name := func(out any) []object { return pick(out, "logStreamName") }
	mixed, paged, empty := object{"logStreamName": mixedStream}, object{"logStreamName": pagedStream}, object{"logStreamName": emptyStream}

	out := c.ok(t, "DescribeLogStreams", c.with(object{"logStreamNamePrefix": pagedStream}))
	same(t, "the paged stream", pick(out["logStreams"], "arn", "logStreamName", "firstEventTimestamp", "lastEventTimestamp", "storedBytes"),
		[]object{{
			"arn": c.arn() + ":log-stream:" + pagedStream, "logStreamName": pagedStream, "storedBytes": 0,
			"firstEventTimestamp": c.start + 100_000, "lastEventTimestamp": c.start + 104_000,
		}})

	pages := c.all(t, "DescribeLogStreams", c.with(object{}))
	same(t, "streams by paginator", name(merge(pages, "logStreams")), []object{mixed, paged, empty})
	first := c.ok(t, "DescribeLogStreams", c.with(object{"limit": 2}))
	same(t, "first page", name(first["logStreams"]), []object{mixed, paged})
	rest := c.ok(t, "DescribeLogStreams", c.with(object{"limit": 2, "nextToken": first["nextToken"]}))
	same(t, "second page", name(rest["logStreams"]), []object{empty})
	same(t, "its token", rest["nextToken"], nil)

	out = c.ok(t, "DescribeLogStreams", c.with(object{"orderBy": "LastEventTime", "descending": true, "limit": 2}))
	same(t, "latest first", name(out["logStreams"]), []object{paged, mixed})
	c.refused(t, "DescribeLogStreams", object{"logGroupName": "/none"},
		"ResourceNotFoundException", "The specified log group does not exist.")
}

func (c *conversation) retain(t *testing.T) {
	retention := func() []object {
		out := c.ok(t, "DescribeLogGroups", object{"logGroupNamePrefix": c.group, "limit": 1})
		return pick(out["logGroups"], "retentionInDays")
	}
	c.ok(t, "PutRetentionPolicy", c.with(object{"retentionInDays": 7}))
	same(t, "retention", retention(), []object{{"retentionInDays": 7}})
	c.refused(t, "PutRetentionPolicy", c.with(object{"retentionInDays": 4}), "InvalidParameterException", "")
	c.refused(t, "PutRetentionPolicy", object{"logGroupName": "/none", "retentionInDays": 7},
		"ResourceNotFoundException", "The specified log group does not exist.")
	same(t, "retention after the refusals", retention(), []object{{"retentionInDays": 7}})
	c.ok(t, "DeleteRetentionPolicy", c.with(object{}))
	same(t, "retention deleted", retention(), []object{{"retentionInDays": nil}})
}

func (c *conversation) tag(t *testing.T) {
	arn := object{"resourceArn": c.arn()}
	tags := func() any { return c.ok(t, "ListTagsForResource", arn)["tags"] }
	same(t, "tags of the creation", tags(), object{"team": "e2e", "città": "Århus"})
	c.ok(t, "TagResource", object{"resourceArn": c.arn(), "tags": object{"team": "logs", "env": "test"}})
	same(t, "tags set", tags(), object{"team": "logs", "env": "test", "città": "Århus"})
	c.ok(t, "UntagResource", object{"resourceArn": c.arn(), "tagKeys": []string{"env", "città"}})
	same(t, "tags removed", tags(), object{"team": "logs"})

	// The deprecated operations, by name, see the same tags.
	c.ok(t, "TagLogGroup", c.with(object{"tags": object{"old": "way"}}))
	same(t, "tags by name", c.ok(t, "ListTagsLogGroup", c.with(object{}))["tags"], object{"team": "logs", "old": "way"})
	c.ok(t, "UntagLogGroup", c.with(object{"tags": []string{"team"}}))
	same(t, "tags left", tags(), object{"old": "way"})
	c.refused(t, "ListTagsForResource", object{"resourceArn": c.arn() + "-none"}, "ResourceNotFoundException", "")
}

func (c *conversation) delete(t *testing.T) {
	const noGroup, noStream = "The specified log group does not exist.", "The specified log stream does not exist."
	stream := func() object { return c.with(object{"logStreamName": pagedStream}) }
	c.ok(t, "DeleteLogStream", stream())
	c.refused(t, "DeleteLogStream", stream(), "ResourceNotFoundException", noStream)
	c.refused(t, "GetLogEvents", stream(), "ResourceNotFoundException", noStream)
	out := c.ok(t, "FilterLogEvents", c.with(object{"filterPattern": "number"}))
	same(t, "events of a deleted stream", pick(out["events"], "message"), []object{})

	for i := range 5 {
		c.ok(t, "DeleteLogGroup", object{"logGroupName": fmt.Sprintf("%s/child-%d", c.group, i)})
	}
	c.ok(t, "DeleteLogGroup", c.with(object{}))
	c.refused(t, "DeleteLogGroup", c.with(object{}), "ResourceNotFoundException", noGroup)
	c.refused(t, "GetLogEvents", stream(), "ResourceNotFoundException", noGroup)
	out = c.ok(t, "DescribeLogGroups", object{"logGroupNamePrefix": c.group})
	same(t, "groups left", pick(out["logGroups"], "logGroupName"), []object{})
}
