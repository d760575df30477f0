package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func init() {
	peers["sdk"] = func(l *drive.Load) (*drive.Logger, error) { return sdkPeer(l, 10_000, 0) }
	peers["sdk-four"] = func(l *drive.Load) (*drive.Logger, error) { return sdkPeer(l, 10_000, 4) }
	peers["sdk-one"] = func(l *drive.Load) (*drive.Logger, error) { return sdkPeer(l, 1, 0) }
}

// An sdkBatches is the official SDK used by hand as well as can be: batches
// filled to the service's limits, sent by whoever fills them, or with a window
// by goroutines, so many at a time.
type sdkBatches struct {
	client *cloudwatchlogs.Client
	stream string
	most   int                        // events of a batch
	window chan []types.InputLogEvent // memory for the batches behind the open one; nil if there is no window
	sent   atomic.Int64

	mu     sync.Mutex
	events []types.InputLogEvent
	size   int
}

func sdkPeer(l *drive.Load, most, window int) (*drive.Logger, error) {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("us-east-1"), config.WithBaseEndpoint(l.API))
	if err != nil {
		return nil, err
	}
	b := &sdkBatches{client: cloudwatchlogs.NewFromConfig(cfg), most: most, stream: "bench"}
	if window > 0 {
		b.window = make(chan []types.InputLogEvent, window)
		for range window {
			b.window <- nil
		}
	}
	lg := l.Slog(slog.NewJSONHandler(b, l.HandlerOptions()), b.flush)
	lg.Flush = b.flush
	lg.Counts = func() drive.Ledger { return drive.Ledger{Accepted: int64(l.Records), Delivered: b.sent.Load()} }
	return lg, nil
}

// Write takes one line, which is one event.
func (b *sdkBatches) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := string(line[:len(line)-1])
	if b.size+len(text)+26 > 1<<20 {
		if err := b.send(); err != nil {
			return 0, err
		}
	}
	at := time.Now().UnixMilli()
	b.events = append(b.events, types.InputLogEvent{Message: &text, Timestamp: &at})
	b.size += len(text) + 26
	if len(b.events) == b.most {
		return len(line), b.send()
	}
	return len(line), nil
}

// flush returns when all is sent.
func (b *sdkBatches) flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.send(); err != nil {
		return err
	}
	var idle [][]types.InputLogEvent
	for range cap(b.window) {
		idle = append(idle, <-b.window)
	}
	for _, events := range idle {
		b.window <- events
	}
	return nil
}

// send sends the open batch, and begins another.
func (b *sdkBatches) send() error {
	events := b.events
	b.size = 0
	if b.window == nil {
		b.events = b.events[:0]
		return b.put(events)
	}
	b.events = <-b.window
	go func() {
		if err := b.put(events); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		b.window <- events[:0]
	}()
	return nil
}

func (b *sdkBatches) put(events []types.InputLogEvent) error {
	if len(events) == 0 {
		return nil
	}
	group := "bench"
	_, err := b.client.PutLogEvents(context.Background(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: &group, LogStreamName: &b.stream, LogEvents: events,
	})
	if err == nil {
		b.sent.Add(int64(len(events)))
	}
	return err
}
