package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// A record with Metric attributes becomes an event of the embedded metric format,
// of which CloudWatch makes metrics. What is logged with them says what they are
// about, and can be searched.
func ExampleMetric() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{MetricNamespace: "shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h).With("Service", "checkout", watchtower.Dimensions("Service"))

	logger.Info("order placed", "order", 17,
		watchtower.Metric("Latency", 12.3, watchtower.Milliseconds),
		watchtower.Metric("Items", 3, watchtower.Count))
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"INFO","msg":"order placed","Service":"checkout","order":17,"Latency":12.3,"Items":3,"_aws":{"Timestamp":0,"CloudWatchMetrics":[{"Namespace":"shop","Dimensions":[["Service"]],"Metrics":[{"Name":"Latency","Unit":"Milliseconds"},{"Name":"Items","Unit":"Count"}]}]}}
}
