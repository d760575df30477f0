package main

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// pages calls GetLogEvents: once, or with all until the end of the stream, in
// the direction of in.StartFromHead and at most limit events if it is not 0.
// It yields at least one page or an error, after which it ends. Empty pages
// are legal anywhere; the only sign of the end is the token that was sent
// coming back (API page GetLogEvents).
func pages(ctx context.Context, c *cloudwatchlogs.Client, in *cloudwatchlogs.GetLogEventsInput, all bool, limit int) iter.Seq2[*cloudwatchlogs.GetLogEventsOutput, error] {
	return func(yield func(*cloudwatchlogs.GetLogEventsOutput, error) bool) {
		left := limit
		for {
			if limit > 0 {
				in.Limit = new(int32(min(left, maxPage)))
			}
			out, err := c.GetLogEvents(ctx, in)
			if !yield(out, err) || err != nil || !all {
				return
			}
			left -= len(out.Events)
			next := aws.ToString(out.NextForwardToken)
			if next == aws.ToString(in.NextToken) || limit > 0 && left <= 0 {
				return
			}
			in.NextToken = &next
		}
	}
}
