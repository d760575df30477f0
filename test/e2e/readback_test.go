//go:build unix

package e2e

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
)

// isAnswer reports whether the error is the service's answer, and not the lack
// of one: a connection cut off, refused or reset.
func isAnswer(err error) bool {
	_, ok := errors.AsType[smithy.APIError](err)
	return ok
}

// readStream returns every event of a stream from its head, page by page; it
// ends, as the API prescribes, when the same token comes back.
func readStream(t *testing.T, client *cloudwatchlogs.Client, group, stream string) iter.Seq[types.OutputLogEvent] {
	return func(yield func(types.OutputLogEvent) bool) {
		in := &cloudwatchlogs.GetLogEventsInput{
			LogGroupName: aws.String(group), LogStreamName: aws.String(stream), StartFromHead: aws.Bool(true),
		}
		for {
			out, err := client.GetLogEvents(t.Context(), in)
			if err != nil {
				t.Fatalf("read stream %s: %v", stream, err)
			}
			for _, e := range out.Events {
				if !yield(e) {
					return
				}
			}
			if in.NextToken != nil && *in.NextToken == *out.NextForwardToken {
				return
			}
			in.NextToken = out.NextForwardToken
		}
	}
}

// A readPut is what was read of one put of killServer.
type readPut struct {
	places map[string]bool // of its events
	twice  int             // events read more than once
}

// readPuts reads all streams of the kill group and sorts the events by put.
func readPuts(t *testing.T, client *cloudwatchlogs.Client) map[string]*readPut {
	t.Helper()
	read := map[string]*readPut{}
	for n := range killStream {
		for e := range readStream(t, client, killGroup, streamName(n)) {
			id, rest, _ := strings.Cut(*e.Message, "/")
			place, _, _ := strings.Cut(rest, "/")
			p := read[id]
			if p == nil {
				p = &readPut{places: map[string]bool{}}
				read[id] = p
			}
			if p.places[place] {
				p.twice++
			}
			p.places[place] = true
		}
	}
	return read
}
