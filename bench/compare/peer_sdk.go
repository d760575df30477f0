package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func init() {
	peers["sdk"] = func(l *drive.Load) (*drive.Logger, error) { return sdkPeer(l, 10_000) }
	peers["sdk-one"] = func(l *drive.Load) (*drive.Logger, error) { return sdkPeer(l, 1) }
}

// An sdkBatches is the official SDK used by hand as well as can be without more
// than one request in flight: batches filled to the service's limits, sent by
// whoever fills them.
type sdkBatches struct {
	client *cloudwatchlogs.Client
	most   int // events of a batch

	mu     sync.Mutex
	stream string
	events []types.InputLogEvent
	size   int
	sent   int64
}

func sdkPeer(l *drive.Load, most int) (*drive.Logger, error) {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("us-east-1"), config.WithBaseEndpoint(l.API))
	if err != nil {
		return nil, err
	}
	b := &sdkBatches{client: cloudwatchlogs.NewFromConfig(cfg), most: most, stream: "bench"}
	lg := l.Slog(slog.NewJSONHandler(b, l.HandlerOptions()), b.flush)
	lg.Flush = b.flush
	lg.Counts = func() drive.Ledger { return drive.Ledger{Accepted: int64(l.Records), Delivered: b.sent} }
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

func (b *sdkBatches) flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.send()
}

func (b *sdkBatches) send() error {
	if len(b.events) == 0 {
		return nil
	}
	group := "bench"
	_, err := b.client.PutLogEvents(context.Background(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: &group, LogStreamName: &b.stream, LogEvents: b.events,
	})
	if err == nil {
		b.sent += int64(len(b.events))
	}
	b.events, b.size = b.events[:0], 0
	return err
}
