package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower/internal/near"
)

// explainMissing explains the failure of a call about a stream. The service
// answers a missing group and a missing stream with the same error code, so it
// is asked which of them it is, and what there is instead. Should that fail
// too, as without the permission to list, the answer is the general one.
func (c *connection) explainMissing(ctx context.Context, err error, group, stream string) error {
	if !isType[*types.ResourceNotFoundException](err) {
		return c.explain(err, fmt.Sprintf("log stream %q of log group %q", stream, group))
	}
	there, listErr := c.streamsOf(ctx, group)
	switch {
	case isType[*types.ResourceNotFoundException](listErr):
		return c.missingGroup(ctx, err, group)
	case listErr != nil:
		return c.explain(err, fmt.Sprintf("log group %q or its log stream %q", group, stream))
	}
	return withHints(fmt.Errorf("log group %q has no log stream %q", group, stream), there)
}

// streamsOf names some streams of a group, for a hint: a few names are enough to
// see a wrong date or a typing error.
func (c *connection) streamsOf(ctx context.Context, group string) (hint string, err error) {
	in := &cloudwatchlogs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime, Descending: new(true), Limit: new(int32(5))}
	if strings.HasPrefix(group, "arn:") {
		in.LogGroupIdentifier = new(strings.TrimSuffix(group, ":*"))
	} else {
		in.LogGroupName = &group
	}
	streams, err := c.DescribeLogStreams(ctx, in)
	if err != nil {
		return "", err
	}
	if len(streams.LogStreams) == 0 {
		return "the group has no streams at all yet", nil
	}
	names := make([]string, len(streams.LogStreams))
	for i, s := range streams.LogStreams {
		names[i] = shown(*s.LogStreamName)
	}
	hint = "its streams, latest first: " + strings.Join(names, "  ")
	if streams.NextToken != nil {
		hint += "  and others"
	}
	return hint, nil
}

// shown is a name as it is, or in quotes where one would not see what it is.
func shown(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r == '"' || r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// missingGroup names the groups whose names contain the same, if there are any.
func (c *connection) missingGroup(ctx context.Context, err error, group string) error {
	general := c.explain(err, fmt.Sprintf("log group %q", group))
	h, ok := errors.AsType[*hinted](general)
	groups, listErr := c.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{Limit: new(int32(50))})
	if !ok || listErr != nil {
		return general
	}
	if len(groups.LogGroups) == 0 {
		return withHints(h.error, append([]string{"there are no log groups at all in " + c.region}, h.hints...)...)
	}
	var meant []string
	for _, g := range groups.LogGroups {
		// One letter, and one more for every four: near enough to be meant.
		if near.Distance(*g.LogGroupName, group) <= 1+len(group)/4 {
			meant = append(meant, *g.LogGroupName)
		}
	}
	if len(meant) == 0 {
		return general
	}
	return withHints(h.error, append([]string{"did you mean " + strings.Join(meant[:min(len(meant), 3)], " or ") + "?"}, h.hints...)...)
}
