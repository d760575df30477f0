package migration

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
)

func Example_handler() {
	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h)
	logger.Info("started", "version", "1.4.2")
	logger.Error("refused", "order", 17, "err", errors.New("card expired"))

	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil { // what was not delivered, counted
		fmt.Println(err)
	}
	show("my-app")
	// Output:
	// {"level":"INFO","msg":"started","version":"1.4.2"}
	// {"level":"ERROR","msg":"refused","order":17,"err":"card expired"}
}

func Example_streamName() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "streams", &watchtower.Options{
		LogStreamName: "{logger_name}-{strftime:%y-%m-%d}/{env:TENANT:-none}/{attr:shop}",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h.Named("app.db")).Info("connected", "shop", "north")

	_, err = watchtower.New(ctx, "streams", &watchtower.Options{LogStreamName: "{thread_name}"})
	fmt.Println(err)

	h.Close(ctx)
	showStreams("streams")
	// Output:
	// watchtower: option LogStreamName: log stream name "{thread_name}": {thread_name} at character 1: a Go program has no threads to name: use {logger_name}, or {attr:KEY} with an attribute that tells workers apart
	// [app.db-06-01-02/blue/north] {"level":"INFO","msg":"connected","logger":"app.db","shop":"north"}
}

func Example_sync() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "sync", &watchtower.Options{
		Sync:         true,             // use_queues=False
		BlockTimeout: 30 * time.Second, // how long a call waits in an outage
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(ctx)
	slog.New(h).Info("paid") // returns when the record is stored
	show("sync")
	// Output:
	// {"level":"INFO","msg":"paid"}
}

func Example_batches() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "batches", &watchtower.Options{
		FlushInterval:  60 * time.Second, // send_interval=60
		MaxBatchBytes:  1048576,          // max_batch_size=1048576
		MaxBatchEvents: 10000,            // max_batch_count=10000
		MaxEventBytes:  262144 - 26,      // max_message_size=262144
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Close(ctx))
	// Output: <nil>
}

func Example_client() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("eu-central-1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := watchtower.New(ctx, "client", &watchtower.Options{
		Client: cloudwatchlogs.NewFromConfig(cfg), // boto3_client=…
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("hello")
	h.Close(ctx)
	fmt.Println(h.Stats().Delivered, "delivered")
	// Output: 1 delivered
}

func Example_creation() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "creation", &watchtower.Options{
		Tags:               map[string]string{"team": "shop"}, // log_group_tags={"team": "shop"}
		RetentionDays:      30,                                // log_group_retention_days=30
		EnforceRetention:   true,                              // … of a group that exists, too
		DeletionProtection: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("hello")
	h.Close(ctx)

	show("creation")
	// Output:
	// {"level":"INFO","msg":"hello"}
}
