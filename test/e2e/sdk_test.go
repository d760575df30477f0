//go:build unix

package e2e

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// newSDK returns the official client for the given endpoint, set up as its
// users do it; region and credentials come from the environment.
func newSDK(t *testing.T, url string, options ...func(*cloudwatchlogs.Options)) *cloudwatchlogs.Client {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithBaseEndpoint(url))
	if err != nil {
		t.Fatal(err)
	}
	return cloudwatchlogs.NewFromConfig(cfg, options...)
}

// once turns the client's retries off: what a call answered is what the one
// request was answered.
func once(o *cloudwatchlogs.Options) { o.Retryer = aws.NopRetryer{} }
