package watchotel_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"go.opentelemetry.io/otel/trace"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchotel"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// Records that are logged with the context of a span have its ids, outside of
// all groups.
func ExampleContextAttrs() {
	logs, client, stop := startLocal()
	defer stop()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Client:       client,
		ContextAttrs: watchotel.ContextAttrs,
		Format:       watchtower.FormatText,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h).WithGroup("order")

	ctx := startSpan(context.Background()) // a program has a tracer: ctx, span := tracer.Start(ctx, "pay")
	logger.InfoContext(ctx, "paid", "cents", 1999)
	logger.Info("no context, no ids")
	h.Close(context.Background())

	events, _ := logs.Events("", "my-app")
	for _, e := range events {
		_, rest, _ := strings.Cut(e.Message, " ") // less the time
		fmt.Println(rest)
	}
	// Output:
	// level=INFO msg=paid trace_id=5d77f25619f12e4eaa02e3f76c78f46a span_id=1ce7df03252d99e1 trace_flags=01 xray_trace_id=1-5d77f256-19f12e4eaa02e3f76c78f46a order.cents=1999
	// level=INFO msg="no context, no ids"
}

func startSpan(ctx context.Context) context.Context { return inSpan(ctx, trace.FlagsSampled) }

// startLocal starts a local server and returns a client of it.
func startLocal() (*cwlocal.Server, *cloudwatchlogs.Client, func()) {
	logs, err := cwlocal.New(nil)
	if err != nil {
		panic(err) // an example has nobody else to tell
	}
	server := httptest.NewServer(logs)
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, HTTPClient: server.Client(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
	return logs, client, func() { server.Close(); logs.Close() }
}
