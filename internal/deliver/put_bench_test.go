package deliver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// sink takes everything and answers what the service answers.
var sink = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	ok(w, `{"nextSequenceToken":"49"}`)
})

const benchEvents = 4000

// message is a JSON record of 222 bytes.
func message(i int) string {
	return fmt.Sprintf(`{"time":"2026-01-02T03:04:05.%09dZ","level":"INFO","msg":"%038d","path":"/v1/cart/items","status":200,"duration":12345678,"cached":false,"trace_id":"%032x","node":"ip-10-0-0-1"}`, i, i, i)
}

func readyBodyOf(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"logGroupName":"g","logStreamName":"s","logEvents":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"timestamp":%d,"message":%q}`, 1767323045000+int64(i), message(i))
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// BenchmarkPut compares a ready body with the same events given to the SDK. The
// sink runs in the same process, so both figures contain it. That of "small" allocates
// nothing, so that its figure is the client's.
func BenchmarkPut(b *testing.B) {
	client, _ := overTCP(b, sink)
	r := Request{Stream: "s", Body: readyBodyOf(benchEvents)}
	s := New(client, Settings{Group: "g"})
	run := func(name string, events float64, put func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := put(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
		})
	}
	run("ready", benchEvents, func() error { _, err := s.Put(context.Background(), r); return err })
	run("sdk", benchEvents, func() error {
		_, err := client.PutLogEvents(context.Background(), sdkInput())
		return err
	})
	small, alone := request("s"), New(clientOf(b, silent(b)), Settings{Group: "g"})
	run("small", 1, func() error { _, err := alone.Put(context.Background(), small); return err })
}

var sdkMessages = func() (m []string) {
	for i := range benchEvents {
		m = append(m, message(i))
	}
	return m
}()

// sdkInput is what a program does that gives its events to the SDK: one
// InputLogEvent each, with pointers to the time and the message.
func sdkInput() *cloudwatchlogs.PutLogEventsInput {
	events := make([]types.InputLogEvent, benchEvents)
	for i := range events {
		events[i] = types.InputLogEvent{Timestamp: aws.Int64(1767323045000 + int64(i)), Message: &sdkMessages[i]}
	}
	return &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s"), LogEvents: events}
}
