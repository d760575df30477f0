package cwlocal_test

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/watchtower-go/watchtower/cwlocal"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// putThree puts the events one, two and three and says what the client saw.
func putThree(t *testing.T, client *cloudwatchlogs.Client) string {
	var events []types.InputLogEvent
	for _, message := range []string{"one", "two", "three"} {
		events = append(events, types.InputLogEvent{Timestamp: aws.Int64(time.Now().UnixMilli()), Message: &message})
	}
	answer, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s"), LogEvents: events})
	if err != nil {
		return failure(err)
	}
	if r := answer.RejectedLogEventsInfo; r != nil {
		return fmt.Sprintf("rejected: old to %d, expired to %d, new from %d", *r.TooOldLogEventEndIndex, *r.ExpiredLogEventEndIndex, *r.TooNewLogEventStartIndex)
	}
	return "ok"
}

// failure says what went wrong in a few words.
func failure(err error) string {
	text := ""
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && r.HTTPStatusCode() != 200 {
		text = fmt.Sprint(r.HTTPStatusCode(), " ")
		if after := r.Response.Header.Get("Retry-After"); after != "" {
			text += "after " + after + " s "
		}
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return text + e.ErrorCode() + ": " + e.ErrorMessage()
	}
	switch {
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	}
	return err.Error()
}

var faultsSeen = []struct {
	fault cwlocal.Fault
	// What the client sees: in the process and over a socket, if that differs.
	want, socket string
	stored       string
}{
	{fault: cwlocal.Fault{Kind: cwlocal.FaultThrottle}, want: "400 ThrottlingException: Rate exceeded"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultThrottle, RetryAfter: 1500 * time.Millisecond}, want: "400 after 2 s ThrottlingException: Rate exceeded"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultFail}, want: "500 InternalFailure: The service has failed."},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultFail, Status: 503, RetryAfter: time.Second}, want: "503 after 1 s ServiceUnavailableException: The service cannot complete the request."},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultFail, Status: 418, Code: "Teapot", Message: "Short and stout."}, want: "418 Teapot: Short and stout."},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultAccessDenied}, want: "400 AccessDeniedException: User: arn:aws:iam::000000000000:root is not authorized to perform: logs:PutLogEvents because no identity-based policy allows the logs:PutLogEvents action"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultExpiredToken}, want: "400 ExpiredTokenException: The security token included in the request is expired"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultDelay, Delay: time.Millisecond}, want: "ok", stored: "one two three"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultReset}, want: "cut", socket: "reset"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultReset, Group: "g"}, want: "cut", socket: "reset"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultReset, Group: "other"}, want: "ok", stored: "one two three"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultResetEarly, Delay: time.Millisecond}, want: "cut", socket: "reset"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultResetRequest}, want: "cut", socket: "reset"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultResetAnswer}, want: "cut", stored: "one two three"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultLoseAnswer}, want: "cut", socket: "reset", stored: "one two three"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultReject, TooOld: 1, Expired: 1, TooNew: 1}, want: "rejected: old to 1, expired to 1, new from 2", stored: "two"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultMaxEvent, Bytes: 30}, want: "400 InvalidParameterException: Log event too large: 31 bytes exceeds limit of 30"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultMaxEvent, Bytes: 31}, want: "ok", stored: "one two three"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultPoison, Text: "wo"}, want: `400 InvalidParameterException: Invalid log event: it contains "wo"`},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultPoison, Text: "four"}, want: "ok", stored: "one two three"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultClockSkew, Skew: 299 * time.Second}, want: "ok", stored: "one two three"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultClockSkew, Skew: time.Hour}, want: "400 InvalidSignatureException: Signature expired"},
	{fault: cwlocal.Fault{Kind: cwlocal.FaultClockSkew, Skew: -time.Hour, Code: "RequestTimeTooSkewed"}, want: "400 RequestTimeTooSkewed: Signature not yet current"},
}

// see runs one of faultsSeen with a client that does not try again. Web is nil
// in the process.
func see(t *testing.T, i int, web *http.Client) {
	tt := faultsSeen[i]
	logs := watchtowertest.NewServer(t)
	client := logs.Client(func(o *cloudwatchlogs.Options) {
		o.RetryMaxAttempts = 1
		if web != nil {
			o.BaseEndpoint, o.HTTPClient = aws.String(logs.URL()), web
			tt.want = cmp.Or(tt.socket, tt.want)
		}
	})
	_, err1 := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")})
	_, err2 := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")})
	if err := errors.Join(err1, err2, logs.Faults().Add(tt.fault)); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	got := putThree(t, client)
	if took := time.Since(began); took < tt.fault.Delay {
		t.Errorf("%s: an answer after %v, want %v", tt.fault.Kind, took, tt.fault.Delay)
	}
	if got, _, _ := strings.Cut(got, ": 20"); got != tt.want {
		t.Errorf("%s: the client saw %s; want %s", tt.fault.Kind, got, tt.want)
	}
	logs.Faults().Clear()
	var stored []string
	for _, e := range logs.Events("g") {
		stored = append(stored, e.Message)
	}
	if got := strings.Join(stored, " "); got != tt.stored {
		t.Errorf("%s: %q was stored, want %q", tt.fault.Kind, got, tt.stored)
	}
	if got := putThree(t, client); got != "ok" {
		t.Errorf("%s: a put after it: %s", tt.fault.Kind, got)
	}
}

func TestClientSeesFaultsInTheProcess(t *testing.T) {
	for i := range faultsSeen {
		synctest.Test(t, func(t *testing.T) { see(t, i, nil) })
	}
}

func TestClientSeesFaultsOverASocket(t *testing.T) {
	for i := range faultsSeen {
		web := &http.Client{Transport: &http.Transport{}}
		see(t, i, web)
		web.CloseIdleConnections()
	}
}

// TestResetComesInTheMiddleOfTheRequest sends a body that does not fit into the
// buffers of the connection: the client is still writing when it is reset.
func TestResetComesInTheMiddleOfTheRequest(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	logs.Faults().ResetRequest("PutLogEvents", 1)
	c, err := net.Dial("tcp", strings.TrimPrefix(logs.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const size = 15 << 20
	_, err1 := io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Logs_20140328.PutLogEvents\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: "+fmt.Sprint(size)+"\r\n\r\n")
	// Without the other half nothing is answered, unless the server cuts at half.
	_, err2 := io.WriteString(c, strings.Repeat(" ", size/2))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %d bytes, %v", n, err)
	}
}

// TestClientCorrectsItsClock shows that the header Date says what the clock is.
func TestClientCorrectsItsClock(t *testing.T) {
	for _, skew := range []time.Duration{time.Hour, -time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			logs := watchtowertest.NewServer(t)
			logs.Faults().SkewClock(skew, -1)
			client := logs.Client()
			if _, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")}); err != nil {
				t.Fatal(err)
			}
			groups, err := client.DescribeLogGroups(t.Context(), nil)
			if err != nil || len(groups.LogGroups) != 1 {
				t.Fatalf("got %+v, %v", groups, err)
			}
			if off := time.Since(time.UnixMilli(*groups.LogGroups[0].CreationTime)) + skew; off < 0 || off > time.Minute {
				t.Errorf("the group was created %v off the server's clock", off)
			}
		})
	}
}

// TestClientSurvivesWhatPasses lets the client's own retries meet all faults
// that pass by.
func TestClientSurvivesWhatPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		client := logs.Client(func(o *cloudwatchlogs.Options) { o.RetryMaxAttempts = 10 })
		f := logs.Faults()
		f.Throttle("", 1)
		f.Fail("", 503, 1)
		f.Reset("", 1)
		f.ResetRequest("", 1)
		f.LoseAnswer("", 1)
		if _, err := client.DescribeLogGroups(t.Context(), nil); err != nil {
			t.Error(err)
		}
		if left := f.List(); len(left) > 0 {
			t.Errorf("%v are left", left)
		}
		// The SDK's retries take half an answer for a whole one that is wrong.
		f.ResetAnswer("", 1)
		if _, err := client.DescribeLogGroups(t.Context(), nil); err == nil || failure(err) != "cut" {
			t.Errorf("half an answer: %v", err)
		}
		f.DenyAccess("", 1)
		f.ExpireToken("", 1)
		for _, want := range []string{"400 AccessDeniedException", "400 ExpiredTokenException"} {
			_, err := client.DescribeLogGroups(t.Context(), nil)
			if got, _, _ := strings.Cut(failure(err), ":"); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}
