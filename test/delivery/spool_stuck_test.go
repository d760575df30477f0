package delivery_test

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
)

// One log stream that cannot be written, because it does not exist and is not to
// be made, must not keep the others from being delivered: they wait on disk,
// and the service works.
func TestAStreamThatFailsDoesNotKeepOthersOnDisk(t *testing.T) {
	t.Parallel()
	for _, mode := range []watchtower.Spool{watchtower.SpoolOnFailure, watchtower.SpoolAlways} {
		synctest.Test(t, func(t *testing.T) {
			st := newStage(t, watchtower.Options{
				SpoolDir: t.TempDir(), Spool: mode,
				LogStreamName: "{attr:s}", NoCreateLogStream: true,
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
			log.Info("nowhere", "s", "bad")
			time.Sleep(10 * time.Second) // it was tried, and fails
			for range 100 {
				log.Info("fine", "s", "good")
				time.Sleep(time.Minute)
			}
			if n := len(st.server.Events(group)); n < 95 { // the last may wait for the back-off, which is random
				t.Errorf("mode %d: after 100 minutes %d of 100 records of a stream that works are stored: %+v", mode, n, st.Stats())
			}
		})
	}
}
