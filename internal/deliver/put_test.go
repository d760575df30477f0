package deliver

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/google/go-cmp/cmp"
)

// wire is what a test wants to know of one HTTP request.
type wire struct {
	Method, Path string
	Header       http.Header
	Length       int64
	Body         string
}

// record keeps the requests for op on their way to h.
func record(h http.Handler, op string, to *[]wire) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(b))
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+op) {
			*to = append(*to, wire{r.Method, r.URL.Path, r.Header.Clone(), r.ContentLength, string(b)})
		}
		h.ServeHTTP(w, r)
	})
}

// TestRequestIsWhatTheSDKWouldSend fails when a later SDK writes a put in
// another way: another protocol, path, header or another step that writes it.
func TestRequestIsWhatTheSDKWouldSend(t *testing.T) {
	var got []wire
	client, _ := overTCP(t, record(newServer().with("g/s"), "PutLogEvents", &got))
	if _, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String("g"), LogStreamName: aws.String("s"),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(1), Message: aws.String("m")}},
	}); err != nil {
		t.Fatal(err)
	}
	theirs := got[0]
	if _, err := New(client, Settings{Group: "g"}).Put(t.Context(), Request{Stream: "s", Body: []byte(theirs.Body)}); err != nil {
		t.Fatal(err)
	}
	ours := got[1]
	for _, w := range []wire{theirs, ours} {
		for _, changing := range []string{"Amz-Sdk-Invocation-Id", "Authorization", "X-Amz-Date", "Amz-Sdk-Request", "User-Agent"} {
			if w.Header.Get(changing) == "" {
				t.Errorf("no header %s", changing)
			}
			w.Header.Del(changing)
		}
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("the SDK's (-) and ours (+):\n%s", diff)
	}
}

func TestAnotherProtocolIsAnError(t *testing.T) {
	var stack *middleware.Stack
	capture := func(s *middleware.Stack) error { stack = s; return nil }
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "eu-central-1", Credentials: testKeys, HTTPClient: bubble{newServer().with("g/s")},
		BaseEndpoint: aws.String("http://logs.test"), APIOptions: []func(*middleware.Stack) error{capture},
	})
	if _, err := New(client, Settings{Group: "g"}).Put(t.Context(), request("s")); err != nil {
		t.Fatal(err)
	}
	for _, protocol := range []smithyhttp.ClientProtocol{nil, awsjson.New10(schemas.Logs_20140328)} {
		err := (&readyBody{protocol: protocol}).addTo(stack)
		if !as[*ProtocolError](err) || Classify(err).Lost {
			t.Errorf("protocol %v: error %v", protocol, err)
		}
	}
	spoken := client.Options().Protocol
	if err := (&readyBody{protocol: spoken}).addTo(middleware.NewStack("x", nil)); err == nil {
		t.Error("a stack without the step that we replace is accepted")
	}
}

func TestSignatureCoversTheCompressedBody(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		var got []wire
		var host string
		srv := record(newServer().with("g/s"), "PutLogEvents", &got)
		client, ts := overTCP(t, srv)
		host = strings.TrimPrefix(ts.URL, "http://")
		r := request("s")
		if compressed {
			r.Gzip = gzipped(r.Body)
		}
		answer, err := New(client, Settings{Group: "g"}).Put(t.Context(), r)
		if err != nil || answer.Compressed != compressed {
			t.Fatalf("answer %+v, error %v", answer, err)
		}
		w := got[0]
		if (w.Header.Get("Content-Encoding") == "gzip") != compressed {
			t.Errorf("compressed %v, Content-Encoding %q", compressed, w.Header.Get("Content-Encoding"))
		}
		if want := sign(t, w, host); w.Header.Get("Authorization") != want {
			t.Errorf("compressed %v: signature\n%s, recomputed\n%s", compressed, w.Header.Get("Authorization"), want)
		}
	}
}

// sign computes what Authorization must say for w, from what came.
func sign(t *testing.T, w wire, host string) string {
	t.Helper()
	req, err := http.NewRequest(w.Method, "http://"+host+w.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, signed, _ := strings.Cut(w.Header.Get("Authorization"), "SignedHeaders=")
	signed, _, _ = strings.Cut(signed, ",")
	for name := range strings.SplitSeq(signed, ";") {
		if v := w.Header.Get(name); v != "" {
			req.Header.Set(name, v)
		}
	}
	req.ContentLength = w.Length
	at, err := time.Parse("20060102T150405Z", w.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	creds, _ := testKeys.Retrieve(t.Context())
	err = v4.NewSigner().SignHTTP(t.Context(), creds, req, sha256Hex([]byte(w.Body)), "logs", "us-east-1", at)
	if err != nil {
		t.Fatal(err)
	}
	return req.Header.Get("Authorization")
}

func TestAnswerTellsWhatWasRejected(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		want         Answer
	}{
		{"empty", ``, Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: -1, Sends: 1}},
		{"nothing", `{"nextSequenceToken":"1"}`, Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: -1, Sends: 1}},
		{
			"all", `{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":2,"expiredLogEventEndIndex":5,"tooNewLogEventStartIndex":9}}`,
			Answer{TooOldEnd: 2, ExpiredEnd: 5, TooNewStart: 9, Sends: 1},
		},
		{
			"first", `{"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":0}}`,
			Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: 0, Sends: 1},
		},
		{
			"entity", `{"rejectedEntityInfo":{"errorType":"InvalidEntity"}}`,
			Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: -1, EntityErr: "InvalidEntity", Sends: 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := newServer().with("g/s")
			srv.before = func(w http.ResponseWriter, _ *http.Request, _ string, _ []byte) bool {
				ok(w, test.answer)
				return true
			}
			got, err := New(inPlace(srv), Settings{Group: "g"}).Put(t.Context(), request("s"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRefusedGzipIsRemembered(t *testing.T) {
	for name, refusal := range map[string]func(http.ResponseWriter){
		"serialization":  func(w http.ResponseWriter) { refuse(w, 400, "SerializationException") },
		"parameter":      func(w http.ResponseWriter) { refuse(w, 400, "InvalidParameterException") },
		"no JSON":        func(w http.ResponseWriter) { http.Error(w, "bad request", 400) },
		"media type":     func(w http.ResponseWriter) { http.Error(w, "", http.StatusUnsupportedMediaType) },
		"not found":      func(w http.ResponseWriter) { http.Error(w, "", 404) },
		"not a crash":    func(w http.ResponseWriter) { http.Error(w, "Traceback", 500) },
		"no such action": func(w http.ResponseWriter) { http.Error(w, "", http.StatusNotImplemented) },
	} {
		t.Run(name, func(t *testing.T) {
			srv := newServer() // so that a missing group comes between
			srv.before = func(w http.ResponseWriter, r *http.Request, _ string, _ []byte) bool {
				if r.Header.Get("Content-Encoding") == "gzip" {
					refusal(w)
					return true
				}
				return false
			}
			var told []error
			s := New(inPlace(srv), Settings{Group: "g", Notify: func(err error) { told = append(told, err) }})
			r := request("s")
			r.Gzip = gzipped(r.Body)
			for range 3 {
				if answer, err := s.Put(t.Context(), r); err != nil || answer.Compressed {
					t.Fatalf("answer %+v, error %v", answer, err)
				}
			}
			if s.Compress() || len(told) != 1 {
				t.Errorf("Compress %v, told %v", s.Compress(), told)
			}
			// Refused twice with its plain twin (missing, stored), then plain.
			if got := srv.count("PutLogEvents"); got != 6 {
				t.Errorf("%d puts", got)
			}
		})
	}
}

func TestRefusedContentLeavesGzipOn(t *testing.T) {
	for code, puts := range map[string]int{
		"InvalidParameterException": 2, // only the plain body can tell what was meant
		"ThrottlingException":       1,
		"AccessDeniedException":     1,
	} {
		srv := newServer()
		srv.before = func(w http.ResponseWriter, _ *http.Request, _ string, _ []byte) bool {
			refuse(w, 400, code)
			return true
		}
		s := New(inPlace(srv), Settings{Group: "g"})
		r := request("s")
		r.Gzip = gzipped(r.Body)
		if _, err := s.Put(t.Context(), r); Classify(err).Code != code {
			t.Errorf("%s: error %v", code, err)
		}
		if got := srv.count("PutLogEvents"); got != puts || !s.Compress() {
			t.Errorf("%s: %d puts, Compress %v", code, got, s.Compress())
		}
	}
}

func TestRefusedContentIsNotSentPlainToAServerThatReadsGzip(t *testing.T) {
	srv := newServer().with("g/s")
	s := New(inPlace(srv), Settings{Group: "g"})
	r := request("s")
	r.Gzip = gzipped(r.Body)
	if _, err := s.Put(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	srv.before = func(w http.ResponseWriter, _ *http.Request, _ string, _ []byte) bool {
		refuse(w, 400, "InvalidParameterException")
		return true
	}
	if _, err := s.Put(t.Context(), r); Classify(err).Kind != Invalid {
		t.Errorf("error %v", err)
	}
	if got := srv.count("PutLogEvents"); got != 2 || !s.Compress() {
		t.Errorf("%d puts, want one that is taken and one that is refused", got)
	}
}

func TestClockSkewIsCorrectedAtOnceAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ahead time.Duration // of the server
		srv := newServer().with("g/s")
		srv.before = func(w http.ResponseWriter, r *http.Request, _ string, _ []byte) bool {
			now := time.Now().UTC().Add(ahead)
			w.Header().Set("Date", now.Format(http.TimeFormat))
			signed, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
			if err != nil || signed.Sub(now).Abs() > 5*time.Minute {
				refuse(w, 403, "InvalidSignatureException")
				return true
			}
			return false
		}
		s := New(inPlace(srv), Settings{Group: "g"})
		for i, step := range []struct {
			ahead time.Duration
			sends int
		}{
			{time.Hour, 2},
			{time.Hour, 1},
			{time.Hour, 1},
			{-time.Hour, 2}, // a clock that is set while puts take the shortcut
			{-time.Hour, 1},
		} {
			ahead = step.ahead
			if answer, err := s.Put(t.Context(), request("s")); err != nil || answer.Sends != step.sends {
				t.Errorf("put %d: %d sends, error %v", i, answer.Sends, err)
			}
		}
	})
}

func TestEveryContextOfASendIsMarked(t *testing.T) {
	var unmarked atomic.Int32
	check := func(ctx context.Context) {
		if !FromSend(ctx) {
			unmarked.Add(1)
		}
	}
	next := bubble{newServer()}
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String("http://logs.test"),
		Credentials: aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
			check(ctx)
			return testKeys.Retrieve(ctx)
		}),
		HTTPClient: doFunc(func(r *http.Request) (*http.Response, error) {
			check(r.Context())
			return next.Do(r)
		}),
	})
	s := New(client, Settings{Group: "g", RetentionDays: 1, EnforceRetention: true})
	for range 2 {
		if _, err := s.Put(t.Context(), request("s")); err != nil {
			t.Fatal(err)
		}
	}
	if n := unmarked.Load(); n != 0 || FromSend(t.Context()) {
		t.Errorf("%d contexts of our requests are not marked", n)
	}
}

type doFunc func(*http.Request) (*http.Response, error)

func (f doFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// A user's client may log its requests, retry, and have middleware of its own;
// none of it may be changed by us.
func TestUsersClientIsLeftAsItIs(t *testing.T) {
	seen := 0
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String("http://logs.test"), Credentials: testKeys,
		HTTPClient: bubble{newServer().with("g/s")}, RetryMaxAttempts: 7,
		APIOptions: []func(*middleware.Stack) error{func(*middleware.Stack) error {
			seen++
			slog.Debug("a user's middleware")
			return nil
		}},
	})
	before := client.Options()
	s := New(client, Settings{Group: "g"})
	for range 3 {
		if _, err := s.Put(t.Context(), request("s")); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	after := client.Options()
	if seen != 3 || len(after.APIOptions) != len(before.APIOptions) || after.Retryer.MaxAttempts() != before.Retryer.MaxAttempts() {
		t.Errorf("middleware ran %d times, %d options, %d attempts", seen, len(after.APIOptions), after.Retryer.MaxAttempts())
	}
}

// counting starts h on a port and counts the connections made to it.
func counting(t *testing.T, h http.Handler) (*cloudwatchlogs.Client, *atomic.Int32) {
	t.Helper()
	var conns atomic.Int32
	ts := httptest.NewUnstartedServer(h)
	ts.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	ts.Start()
	t.Cleanup(ts.Close)
	return clientOf(t, ts.URL), &conns
}

func TestConnectionsAreKept(t *testing.T) {
	client, conns := counting(t, newServer().with("g/s"))
	s := New(client, Settings{Group: "g"})
	for range 200 { // the SDK's own body reader makes 3 to 12 connections of this
		if _, err := s.Put(t.Context(), request("s")); err != nil {
			t.Fatal(err)
		}
	}
	if got := conns.Load(); got != 1 {
		t.Errorf("%d connections for 200 puts in a row", got)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				if _, err := s.Put(t.Context(), request("s")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := conns.Load(); got > 48 {
		t.Errorf("%d connections for 16 goroutines", got)
	}
}
