package delivery_test

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
)

// The same when the stream that fails has more events on disk than half of the
// queue's bound: they must not fill the memory through which all others go.
func TestManyEventsOfAStreamThatFailsDoNotKeepOthersOnDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, QueueBytes: 2 << 20, MaxBatchBytes: 256 << 10,
			MaxEventBytes: 128 << 10,
			LogStreamName: "{attr:s}", NoCreateLogStream: true, NoCompression: true,
		})
		client := st.server.Client()
		if _, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group)}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{
			LogGroupName: aws.String(group), LogStreamName: aws.String("good"),
		}); err != nil {
			t.Fatal(err)
		}
		log := slog.New(st)
		for range 30 {
			log.Info(strings.Repeat("x", 100_000), "s", "bad")
			time.Sleep(time.Second)
		}
		for range 100 {
			log.Info("fine", "s", "good")
			time.Sleep(time.Minute)
		}
		if n := len(st.server.Events(group)); n < 90 {
			t.Errorf("after 100 minutes %d of 100 records of a stream that works are stored: %+v", n, st.Stats())
		}
		if _, err := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{
			LogGroupName: aws.String(group), LogStreamName: aws.String("bad"),
		}); err != nil {
			t.Fatal(err)
		}
		st.within(3 * time.Minute)
		time.Sleep(3 * time.Minute)
		if s := st.Stats(); s.Delivered != 130 || s.Spooled != 0 || s.PossibleDuplicates != 0 || len(st.server.Events(group)) != 130 {
			t.Errorf("what was left on disk is not delivered, once: %+v, %d stored", s, len(st.server.Events(group)))
		}
	})
}
