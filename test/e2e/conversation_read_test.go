//go:build e2e && unix

package e2e

import (
	"slices"
	"testing"
	"time"
)

func (c *conversation) get(t *testing.T) {
	for stream, want := range map[string][]object{mixedStream: c.mixed(), pagedStream: c.numbered()} {
		same(t, "events of "+stream, readPages(c, t, stream, 7), want)
	}

	// Without startFromHead it is the latest page, still in ascending order,
	// and the backward token leads to the page before it.
	want := c.numbered()
	latest := c.ok(t, "GetLogEvents", c.with(object{"logStreamName": pagedStream, "limit": 10}))
	same(t, "latest page", pick(latest["events"], "timestamp", "message"), want[15:])
	before := c.ok(t, "GetLogEvents", c.with(object{
		"logStreamName": pagedStream, "limit": 10, "nextToken": latest["nextBackwardToken"],
	}))
	same(t, "page before", pick(before["events"], "timestamp", "message"), want[5:15])

	// startTime is inclusive, endTime is not.
	out := c.ok(t, "GetLogEvents", c.with(object{
		"logStreamName": pagedStream, "startFromHead": true, "startTime": c.start + 101_000, "endTime": c.start + 103_000,
	}))
	same(t, "time range", pick(out["events"], "timestamp", "message"), want[5:15])
	c.ingested(t, out["events"].([]any))
}

// ingested checks what differs each time: the events came in just now.
func (c *conversation) ingested(t *testing.T, events []any) {
	t.Helper()
	now := time.Now().UnixMilli()
	for _, e := range events {
		at, err := integer(e.(object)["ingestionTime"])
		if err != nil || at <= c.start || at > now {
			t.Errorf("ingestion time %v (%v), want one between %d and %d", at, err, c.start, now)
		}
	}
}

// readPages reads a stream forwards, until the same token comes back.
func readPages(c *conversation, t *testing.T, stream string, limit int) []object {
	t.Helper()
	read := []object{}
	in := c.with(object{"logStreamName": stream, "limit": limit, "startFromHead": true})
	for {
		out := c.ok(t, "GetLogEvents", in)
		read = append(read, pick(out["events"], "timestamp", "message")...)
		token, _ := out["nextForwardToken"].(string)
		if token == "" || out["nextBackwardToken"] == nil {
			t.Fatalf("tokens %v and %v: one is missing", out["nextForwardToken"], out["nextBackwardToken"])
		}
		if token == in["nextToken"] {
			return read
		}
		in["nextToken"] = token
	}
}

func (c *conversation) refuseReads(t *testing.T) {
	const noGroup, noStream = "The specified log group does not exist.", "The specified log stream does not exist."
	in := func(more object) object {
		more["logStreamName"] = pagedStream
		return c.with(more)
	}
	c.refused(t, "GetLogEvents", object{"logGroupName": "/none", "logStreamName": "s"}, "ResourceNotFoundException", noGroup)
	c.refused(t, "GetLogEvents", c.with(object{"logStreamName": "none"}), "ResourceNotFoundException", noStream)
	c.refused(t, "GetLogEvents", in(object{"nextToken": "f/none"}),
		"InvalidParameterException", "The specified nextToken is invalid.")
	c.refused(t, "GetLogEvents", in(object{"limit": 10_001}), "InvalidParameterException",
		"1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "+
			"Member must have value less than or equal to 10000")
	c.refused(t, "FilterLogEvents", object{"logGroupName": "/none"}, "ResourceNotFoundException", noGroup)
	c.refused(t, "FilterLogEvents", c.with(object{"nextToken": "none"}),
		"InvalidParameterException", "The specified nextToken is invalid.")
	c.refused(t, "FilterLogEvents", c.with(object{"logGroupIdentifier": c.group}),
		"ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.")
}

func (c *conversation) filter(t *testing.T) {
	mixed, numbered := c.mixed(), c.numbered()
	for _, search := range []struct {
		pattern string
		want    []object
	}{
		{"needle", []object{mixed[0], mixed[5]}},
		{"needle -plain", []object{mixed[5]}},
		{`"a plain needle"`, []object{mixed[0]}},
		{`"世界"`, []object{mixed[1]}},
		{"?Haystack ?plain", []object{mixed[0]}},
		{"number 24", []object{numbered[24]}},
		{"Needle", []object{}},
	} {
		out := c.ok(t, "FilterLogEvents", c.with(object{"filterPattern": search.pattern}))
		same(t, "filter "+search.pattern, pick(out["events"], "timestamp", "message"), search.want)
	}

	// Both ends of the range are inclusive here.
	out := c.ok(t, "FilterLogEvents", c.with(object{"startTime": c.start + 101_000, "endTime": c.start + 102_000}))
	same(t, "time range", pick(out["events"], "timestamp", "message"), numbered[5:15])
	c.ingested(t, out["events"].([]any))
	out = c.ok(t, "FilterLogEvents", c.with(object{"logStreamNames": []string{mixedStream, emptyStream}}))
	same(t, "streams by name", pick(out["events"], "timestamp", "message"), mixed)

	everything := slices.Concat(mixed, numbered)
	same(t, "by token", pick(c.filterByToken(t), "timestamp", "message"), everything)
	pages := c.all(t, "FilterLogEvents", c.with(object{"logStreamNamePrefix": "web/"}))
	same(t, "by paginator", pick(merge(pages, "events"), "timestamp", "message"), everything)
}

// filterByToken reads the whole group in small pages; the last has no token.
// Every event has an identifier of its own, of 56 digits.
func (c *conversation) filterByToken(t *testing.T) []any {
	t.Helper()
	var events []any
	ids := map[any]bool{}
	in := c.with(object{"limit": 10})
	for {
		out := c.ok(t, "FilterLogEvents", in)
		for _, e := range out["events"].([]any) {
			id, _ := e.(object)["eventId"].(string)
			if len(id) != 56 || ids[id] {
				t.Errorf("event id %q: want 56 digits, each once", id)
			}
			ids[id] = true
			events = append(events, e)
		}
		if out["nextToken"] == nil {
			return events
		}
		in["nextToken"] = out["nextToken"]
	}
}
