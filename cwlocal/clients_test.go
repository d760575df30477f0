package cwlocal_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/watchtower-go/watchtower/watchtowertest"
)

func TestSTSClientLearnsTheAccount(t *testing.T) {
	l := newLab(t)
	client := sts.New(sts.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://local"),
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		HTTPClient:  &http.Client{Transport: watchtowertest.Transport(l)},
	})
	got, err := client.GetCallerIdentity(t.Context(), nil)
	if err != nil || *got.Account != "000000000000" || *got.Arn != "arn:aws:iam::000000000000:root" {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = client.GetSessionToken(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "InvalidAction: Could not find operation GetSessionToken") {
		t.Errorf("another operation: %v", err)
	}
}

// TestPutsAreAtomicAmongClients lets writers put batches into a few streams at
// the same time while a reader pages through them.
func TestPutsAreAtomicAmongClients(t *testing.T) {
	const writers, puts, batch = 8, 20, 50
	logs := watchtowertest.NewServer(t)
	client := logs.Client()
	ctx := t.Context()
	if _, err := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range writers {
		stream := aws.String(fmt.Sprint("s", w%3))
		wg.Go(func() {
			// Whoever comes first creates it.
			_, _ = client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: stream})
			for p := range puts {
				var events []types.InputLogEvent
				for i := range batch {
					events = append(events, types.InputLogEvent{Timestamp: aws.Int64(time.Now().UnixMilli()), Message: aws.String(fmt.Sprintf("%d %03d %03d", w, p, i))})
				}
				_, err := client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: stream, LogEvents: events})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range puts {
			if _, err := client.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g"), Limit: aws.Int32(100)}); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	var got []string
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g"), Limit: aws.Int32(999)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			got = append(got, *e.Message)
		}
	}
	if len(got) != writers*puts*batch {
		t.Fatalf("%d events, want %d", len(got), writers*puts*batch)
	}
	for w := range writers {
		own := slices.Collect(func(yield func(string) bool) {
			for _, m := range got {
				if strings.HasPrefix(m, fmt.Sprint(w)) && !yield(m) {
					return
				}
			}
		})
		if len(own) != puts*batch || !slices.IsSorted(own) || len(slices.Compact(own)) != puts*batch {
			t.Errorf("writer %d: %d events, or not in the order of its puts", w, len(own))
		}
	}
}
