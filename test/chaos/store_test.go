//go:build chaos && unix

package chaos

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go/logging"
)

// A store is what was read back: what is there now, and what was there before
// the test deleted it.
type store struct {
	client   *cloudwatchlogs.Client
	group    string
	copies   map[id]int
	gaps     int
	readings []reading
}

// A reading is the events of a stream in the order of the service, as they were when
// it was read for the last time.
type reading struct {
	stream string
	events []stored
}

// stored is an event in the store.
type stored struct {
	id
	ms int64 // its timestamp
}

func newStore(t *testing.T, address, group string) *store {
	cfg, err := awsconfig.LoadDefaultConfig(t.Context(), awsconfig.WithBaseEndpoint("http://"+address), awsconfig.WithLogger(logging.Nop{}))
	if err != nil {
		t.Fatal(err)
	}
	return &store{client: cloudwatchlogs.NewFromConfig(cfg), group: group, copies: map[id]int{}}
}

// streams lists the group's streams. A group that is not there has none.
func (s *store) streams(t *testing.T) []string {
	t.Helper()
	var names []string
	pages := cloudwatchlogs.NewDescribeLogStreamsPaginator(s.client, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: &s.group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			return nil
		}
		if err != nil {
			t.Fatalf("list the streams: %v", err)
		}
		for _, st := range page.LogStreams {
			names = append(names, *st.LogStreamName)
		}
	}
	return names
}

// keep counts the events of a stream, which will not change any more: it is
// the end, or the stream is about to be deleted.
func (s *store) keep(t *testing.T, stream string) {
	t.Helper()
	events := s.read(t, stream)
	for _, e := range events {
		if e.isGap() {
			s.gaps++
			continue
		}
		s.copies[e.id]++
	}
	s.readings = append(s.readings, reading{stream, events})
}

// read returns every event of a stream from its head.
func (s *store) read(t *testing.T, stream string) []stored {
	t.Helper()
	in := &cloudwatchlogs.GetLogEventsInput{LogGroupName: &s.group, LogStreamName: &stream, StartFromHead: aws.Bool(true)}
	var events []stored
	for {
		out, err := s.client.GetLogEvents(t.Context(), in)
		if err != nil {
			t.Fatalf("read stream %s: %v", stream, err)
		}
		for _, e := range out.Events {
			found := tokens([]byte(*e.Message))
			if len(found) != 1 {
				t.Errorf("stream %s has an event that nobody sent: %.200q", stream, *e.Message)
				continue
			}
			events = append(events, stored{found[0], *e.Timestamp})
		}
		if in.NextToken != nil && *in.NextToken == *out.NextForwardToken {
			return events
		}
		in.NextToken = out.NextForwardToken
	}
}

// deleteStream deletes a stream, deleteGroup the group.
func (s *store) deleteStream(ctx context.Context, stream string) error {
	_, err := s.client.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: &s.group, LogStreamName: &stream})
	return err
}

func (s *store) deleteGroup(ctx context.Context) error {
	_, err := s.client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &s.group})
	return err
}
