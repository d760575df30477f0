package engine

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// busy is a service that looks, at the first request, at how much was logged.
type busy struct{ logged, seen *atomic.Int64 }

func (b busy) RoundTrip(r *http.Request) (*http.Response, error) {
	b.seen.CompareAndSwap(0, b.logged.Load())
	return down{}.RoundTrip(r)
}

// Somebody logs whenever the owner takes an event.
func TestThoseWhoLogDoNotKeepTheOwnerAtTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e *Engine
		var logged, seen atomic.Int64
		put := func() {
			if n := logged.Add(1); n <= 2000 && seen.Load() == 0 {
				m := message("m")
				m.Stream = fmt.Sprint("s", n)
				_ = e.Put(t.Context(), []cwl.Event{m})
			}
		}
		ready := make(chan struct{})
		e, err := New(Config{
			Client: cloudwatchlogs.New(cloudwatchlogs.Options{
				Region: "us-east-1", HTTPClient: &http.Client{Transport: busy{&logged, &seen}},
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "k", SecretAccessKey: "s"}, nil
				}),
			}),
			Settings: Settings{Group: "g"}, Limits: Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents},
			FlushInterval: 1000, Window: 4, MaxStreams: 10_000, Queue: Queue{Bytes: 16 << 20}, NoGapRecords: true,
			Names: &Names{Ready: ready, Complete: func(stream string) string { put(); return stream }},
		})
		if err != nil {
			t.Fatal(err)
		}
		close(ready)
		put()
		ctx, cancel := context.WithCancel(t.Context())
		go e.Flush(ctx)
		synctest.Wait()
		cancel()
		if n := seen.Load(); n == 0 || n > 100 {
			t.Errorf("%d records were logged before the first was sent", n)
		}
		_ = e.Close(ctx)
	})
}
