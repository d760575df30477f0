//go:build unix

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower/test/localserver"
)

// TestKillServer20 is TestKillServer300 for `go test ./...`.
func TestKillServer20(t *testing.T) { killServer(t, 20) }

const (
	killGroup  = "/e2e/kill"
	killers    = 6  // goroutines that put at the same time
	killStream = 3  // streams that they share
	maxEvents  = 40 // events in a put, at most
)

// killServer kills the real server the given number of times in the middle of
// concurrent puts, restarts it on the same port and the same data, and at the
// end reads everything back. Every put that was answered must be there, once;
// a put whose answer was lost is there whole or not at all; and the store
// opens every time.
func killServer(t *testing.T, kills int) {
	data := t.TempDir()
	s := startServer(t, "127.0.0.1:0", "--data", data)
	l := &putLog{answered: map[string]int{}, unanswered: map[string]int{}}
	prepareKillGroup(t, s)
	began := time.Now()
	for round := range kills {
		traffic(t, s, l, round)
		s = startServer(t, s.Address(), "--data", data)
	}
	took := time.Since(began)
	l.check(t, readPuts(t, newSDK(t, s.URL)))
	s.Stop(t)
	t.Logf("%d kills in %v: %d puts answered, %d without an answer, %d events read back",
		kills, took.Round(time.Millisecond), len(l.answered), len(l.unanswered), l.events)
}

// prepareKillGroup creates the group and the streams. Their answers are a
// promise too: a later round fails if a kill takes them away.
func prepareKillGroup(t *testing.T, s *localserver.Server) {
	t.Helper()
	client := newSDK(t, s.URL)
	_, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(killGroup)})
	if err != nil {
		t.Fatal(err)
	}
	for n := range killStream {
		_, err := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{
			LogGroupName: aws.String(killGroup), LogStreamName: aws.String(streamName(n)),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func streamName(n int) string { return fmt.Sprintf("stream-%d", n) }

// traffic puts from several goroutines and kills the server after 50 to 300 ms
// of it; it returns when every goroutine has met the dead server.
func traffic(t *testing.T, s *localserver.Server, l *putLog, round int) {
	t.Helper()
	client := newSDK(t, s.URL, once)
	ctx, cancel := context.WithTimeout(t.Context(), localserver.Patience)
	defer cancel()
	var putters sync.WaitGroup
	for n := range killers {
		putters.Go(func() {
			for i := 0; l.put(ctx, client, n%killStream, fmt.Sprintf("%d-%d-%d", round, n, i)); i++ {
			}
		})
	}
	<-time.After(time.Duration(50+rand.IntN(250)) * time.Millisecond)
	s.Kill(t)
	putters.Wait()
	if ctx.Err() != nil {
		t.Fatalf("round %d: puts still run %v after the kill", round, localserver.Patience)
	}
	if l.refused != nil {
		t.Fatalf("round %d: a put was refused: %v", round, l.refused)
	}
}

// A putLog remembers what was answered. The keys are the identifiers of the
// puts, the values the number of their events.
type putLog struct {
	mu         sync.Mutex
	answered   map[string]int
	unanswered map[string]int
	refused    error // an answer other than success: no kill explains it
	events     int   // read back by check
}

// put sends one put, once, and reports whether the server is still there.
// Each event names its put and its place in it: "id/place/filler".
func (l *putLog) put(ctx context.Context, client *cloudwatchlogs.Client, stream int, id string) bool {
	events := make([]types.InputLogEvent, 1+rand.IntN(maxEvents))
	now := time.Now().UnixMilli()
	for i := range events {
		events[i] = types.InputLogEvent{
			Timestamp: aws.Int64(now),
			Message:   aws.String(fmt.Sprintf("%s/%d/%s", id, i, strings.Repeat("x", rand.IntN(400)))),
		}
	}
	out, err := client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String(killGroup), LogStreamName: aws.String(streamName(stream)), LogEvents: events,
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil && out.RejectedLogEventsInfo == nil:
		l.answered[id] = len(events)
		return true
	case err == nil:
		l.refused = fmt.Errorf("put %s: events rejected: %+v", id, *out.RejectedLogEventsInfo)
	case isAnswer(err):
		l.refused = fmt.Errorf("put %s: %w", id, err)
	default:
		l.unanswered[id] = len(events)
	}
	return false
}

// check compares what was read, put by put, with what was answered.
func (l *putLog) check(t *testing.T, read map[string]*readPut) {
	t.Helper()
	var lost []string
	for id, want := range l.answered {
		if got := read[id]; got == nil {
			lost = append(lost, id)
		} else if len(got.places) != want {
			t.Errorf("put %s was answered with %d events, %d are there", id, want, len(got.places))
		}
	}
	if len(lost) > 0 {
		t.Errorf("%d of %d puts were answered, but none of their events is there: %.20q", len(lost), len(l.answered), lost)
	}
	for id, got := range read {
		l.events += len(got.places)
		want, known := l.unanswered[id]
		if _, answered := l.answered[id]; !known && !answered {
			t.Errorf("put %s was never sent, but is there", id)
		} else if known && len(got.places) != want {
			t.Errorf("put %s lost its answer: %d of its %d events are there, wanted all or none", id, len(got.places), want)
		}
		if got.twice > 0 {
			t.Errorf("put %s: %d events are there twice", id, got.twice)
		}
	}
	// A run without traffic would prove nothing.
	if len(l.answered) < killers || len(l.unanswered) == 0 {
		t.Errorf("%d puts answered and %d cut off: the kills did not hit traffic", len(l.answered), len(l.unanswered))
	}
}
