package watchotel_test

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchotel"
)

// A program with OpenTelemetry gives the handler to its meter provider, and its
// exporter takes the ledger along.
func Example() {
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{Region: "eu-west-1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background())

	reader := metric.NewManualReader() // a program has a periodic reader with an exporter
	provider := metric.NewMeterProvider(metric.WithReader(reader))
	stop, err := watchotel.Metrics(h, provider, &watchotel.Options{
		Attributes: []attribute.KeyValue{attribute.StringSlice("aws.log.group.names", []string{"my-app"})},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()

	var all metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &all); err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range all.ScopeMetrics[0].Metrics {
		fmt.Println(m.Name, m.Unit)
	}
	// Unordered output:
	// watchtower.records {record}
	// watchtower.record.held {record}
	// watchtower.record.own {record}
	// watchtower.record.sampled_out {record}
	// watchtower.message.size By
	// watchtower.possible_duplicates {event}
	// watchtower.sends {request}
	// watchtower.body.size By
}
