package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// A readback is what reading a log stream of the demo brought to light.
type readback struct {
	stream      string
	events      int
	first, last time.Time
	workers     [burstWorkers]uint // the number of the next request of each
}

// readStream reads a stream from the given time on, and checks as it goes that
// times never go back and that no worker's request is missing, twice, or out
// of order.
func readStream(ctx context.Context, c *connection, group, stream string, from time.Time) (*readback, error) {
	r := &readback{stream: stream}
	in := &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: &group, LogStreamName: &stream,
		StartFromHead: new(true), StartTime: new(from.UnixMilli()),
	}
	for page, err := range pages(ctx, c.Client, in, true, 0) {
		if err != nil {
			return nil, c.explain(err, fmt.Sprintf("log stream %q of log group %q", stream, group))
		}
		for i := range page.Events {
			if err := r.check(&page.Events[i]); err != nil {
				return nil, fmt.Errorf("log stream %q: %w", stream, err)
			}
		}
	}
	return r, nil
}

// check takes the next event of the stream.
func (r *readback) check(e *types.OutputLogEvent) error {
	at := time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC()
	if at.Before(r.last) {
		return fmt.Errorf("an event of %s after one of %s", at, r.last)
	}
	if r.events++; r.events == 1 {
		r.first = at
	}
	r.last = at
	var m struct{ Worker, N *uint }
	if err := json.Unmarshal([]byte(aws.ToString(e.Message)), &m); err != nil {
		return fmt.Errorf("a message that is not JSON: %w", err)
	}
	if m.Worker == nil || m.N == nil { // not of the burst
		return nil
	}
	if *m.Worker >= burstWorkers || r.workers[*m.Worker] != *m.N {
		return fmt.Errorf("request %d of worker %d is out of order", *m.N, *m.Worker)
	}
	r.workers[*m.Worker]++
	return nil
}

// errPartly is streams that do not show what was delivered to them.
var errPartly = errors.New("what is read back is not what was delivered")

// readAll reads the streams until want events show, which AWS may take some
// seconds to do after it stored them; a local server must show them at once.
func readAll(ctx context.Context, c *connection, group string, streams []string, from time.Time, want int64) ([]*readback, error) {
	pause := time.NewTicker(time.Second)
	defer pause.Stop()
	for {
		all := make([]*readback, len(streams))
		n := int64(0)
		for i, stream := range streams {
			r, err := readStream(ctx, c, group, stream, from)
			if err != nil {
				return nil, err
			}
			all[i] = r
			n += int64(r.events)
		}
		if n == want {
			return all, nil
		}
		partly := fmt.Errorf("%w: %d of %d", errPartly, n, want)
		// More than was delivered: duplicates, or a second demo beside this one.
		if n > want || c.server != "" {
			return nil, partly
		}
		select {
		case <-ctx.Done():
			return nil, partly
		case <-pause.C:
		}
	}
}
