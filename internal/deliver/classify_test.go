package deliver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

func TestClassifyAnswers(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(http.ResponseWriter)
		want   Failure
	}{
		{"throttled", coded(400, "ThrottlingException"), Failure{Kind: Throttled, Status: 400, Code: "ThrottlingException"}},
		{"too many", plain(429), Failure{Kind: Throttled, Status: 429}},
		{"with time", headed(503, "Retry-After", "7"), Failure{Kind: Unavailable, Status: 503, RetryAfter: 7 * time.Second}},
		{"with milliseconds", headed(503, "X-Amz-Retry-After", "250"), Failure{Kind: Unavailable, Status: 503, RetryAfter: 250 * time.Millisecond}},
		{"unavailable", coded(500, "ServiceUnavailableException"), Failure{Kind: Unavailable, Status: 500, Code: "ServiceUnavailableException"}},
		{"internal", coded(500, "InternalFailure"), Failure{Kind: Unavailable, Status: 500, Code: "InternalFailure"}},
		{"html", plain(500), Failure{Kind: Unavailable, Status: 500}},
		{"bad gateway", plain(502), Failure{Kind: Unavailable, Status: 502, Lost: true}},
		{"gateway timeout", plain(504), Failure{Kind: Unavailable, Status: 504, Lost: true}},
		{"request timeout", plain(408), Failure{Kind: Timeout, Status: 408}},
		{"denied", coded(400, "AccessDeniedException"), Failure{Kind: Denied, Status: 400, Code: "AccessDeniedException"}},
		{"forbidden", plain(403), Failure{Kind: Denied, Status: 403}},
		{"unknown key", coded(400, "UnrecognizedClientException"), Failure{Kind: Denied, Status: 400, Code: "UnrecognizedClientException"}},
		{"wrong key", coded(400, "InvalidSignatureException"), Failure{Kind: Denied, Status: 400, Code: "InvalidSignatureException"}},
		{"namespaced", coded(400, "com.amazon.coral.service#ExpiredTokenException"), Failure{Kind: Expired, Status: 400, Code: "ExpiredTokenException"}},
		{"unsigned", coded(400, "MissingAuthenticationTokenException"), Failure{Kind: NoCredentials, Status: 400, Code: "MissingAuthenticationTokenException"}},
		{"content", coded(400, "InvalidParameterException"), Failure{Kind: Invalid, Status: 400, Code: "InvalidParameterException"}},
		{"body", coded(400, "SerializationException"), Failure{Kind: Invalid, Status: 400, Code: "SerializationException"}},
		{"size", plain(413), Failure{Kind: TooLarge, Status: 413}},
		{"named size", coded(400, "RequestEntityTooLargeException"), Failure{Kind: TooLarge, Status: 400, Code: "RequestEntityTooLargeException"}},
		{"unknown name", coded(400, "TeapotException"), Failure{Kind: Other, Status: 400, Code: "TeapotException"}},
		{"teapot", plain(418), Failure{Kind: Other, Status: 418}},
		{"redirect", headed(302, "Location", "http://elsewhere.invalid/"), Failure{Kind: Other, Status: 302}},
		{"unreadable success", func(w http.ResponseWriter) { ok(w, `<html>`) }, Failure{Kind: Reset, Status: 200, Lost: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, _ := overTCP(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header()["Date"] = nil
				test.answer(w)
			}))
			checkFailure(t, client, t.Context(), test.want)
		})
	}
}

func coded(status int, code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { refuse(w, status, code) }
}

func plain(status int) func(http.ResponseWriter) { return headed(status, "X-Nothing", "") }

func headed(status int, key, value string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set(key, value)
		http.Error(w, "<html>a proxy</html>", status)
	}
}

func checkFailure(t *testing.T, client *cloudwatchlogs.Client, ctx context.Context, want Failure) {
	t.Helper()
	_, err := New(client, Settings{Group: "g"}).Put(ctx, request("s"))
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, Classify(err)); diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if !strings.HasPrefix(err.Error(), `put log events to "g"/"s": `) {
		t.Errorf("error does not say what failed: %v", err)
	}
}

func TestHTTPSToAPlainServerSaysSo(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	plain.Config.ErrorLog = log.New(io.Discard, "", 0)
	client := clientOf(t, "https://"+plain.Listener.Addr().String())
	_, err := New(client, Settings{Group: "g"}).Put(t.Context(), request("s"))
	if f := Classify(err); f.Kind != Unreachable || f.Lost || !strings.Contains(err.Error(), "use http:// in the endpoint") {
		t.Errorf("%+v of %v", f, err)
	}
}

// rawServer accepts connections and gives each to handle.
func rawServer(t testing.TB, handle func(net.Conn)) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			handle(c)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "http://" + l.Addr().String()
}

// readRequest takes a whole request off c.
func readRequest(c net.Conn) {
	if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

func TestClassifyBrokenConnections(t *testing.T) {
	refused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = refused.Close()
	secure := httptest.NewTLSServer(newServer())
	defer secure.Close()
	secure.Config.ErrorLog = quiet

	for _, test := range []struct {
		name, url string
		want      Failure
	}{
		{"refused", "http://" + refused.Addr().String(), Failure{Kind: Unreachable}},
		{"name", "http://nosuch.invalid", Failure{Kind: DNS}},
		{"certificate", secure.URL, Failure{Kind: Unreachable}},
		{"closed after the request", rawServer(t, readRequest), Failure{Kind: Reset, Lost: true}},
		{"reset after the request", rawServer(t, func(c net.Conn) { readRequest(c); closeHard(c) }), Failure{Kind: Reset, Lost: true}},
		{"closed in the header", rawServer(t, func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-")
		}), Failure{Kind: Reset, Lost: true}},
		{"closed in the answer", rawServer(t, func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"next")
		}), Failure{Kind: Reset, Lost: true, Status: 200}},
		{"no HTTP", rawServer(t, func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "220 mail.example.org ESMTP\r\n")
		}), Failure{Kind: Reset, Lost: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			checkFailure(t, clientOf(t, test.url), t.Context(), test.want)
		})
	}
}

// closeHard closes with a reset instead of a clean end.
func closeHard(c net.Conn) {
	_ = c.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
}

func TestPartOfARequestIsNotLost(t *testing.T) {
	url := rawServer(t, func(c net.Conn) {
		_ = c.(*net.TCPConn).SetReadBuffer(64 << 10)
		_, _ = io.ReadFull(c, make([]byte, 100_000))
		closeHard(c)
	})
	r := Request{Stream: "s", Body: make([]byte, 16<<20)} // no socket buffers that much
	_, err := New(clientOf(t, url), Settings{Group: "g"}).Put(t.Context(), r)
	if f := Classify(err); f.Kind != Reset || f.Lost {
		t.Errorf("%+v of %v", f, err)
	}
}

func TestClassifyContexts(t *testing.T) {
	reached := make(chan struct{}, 1)
	release := make(chan struct{})
	client, _ := overTCP(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		reached <- struct{}{}
		<-release
	}))
	defer close(release)

	t.Run("deadline before the answer", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		checkFailure(t, client, ctx, Failure{Kind: Timeout, Lost: true})
		<-reached
	})
	t.Run("cancelled before the answer", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-reached; cancel() }()
		checkFailure(t, client, ctx, Failure{Kind: Cancelled, Lost: true})
	})
	t.Run("cancelled before the request", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		checkFailure(t, client, ctx, Failure{Kind: Cancelled})
	})
}

func TestSlowAnswerIsATimeout(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	client, _ := overTCP(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-release
	}))
	client.Options().HTTPClient.(*connections).Transport.(*http.Transport).ResponseHeaderTimeout = 50 * time.Millisecond
	checkFailure(t, client, t.Context(), Failure{Kind: Timeout, Lost: true})
}

func TestClassifyCredentials(t *testing.T) {
	refused := &net.OpError{Op: "read", Err: errors.New("what a provider's own request met")}
	for _, test := range []struct {
		name string
		err  error
		want Kind
	}{
		{"none", errors.New("no EC2 IMDS role found"), NoCredentials},
		{"their connection", refused, NoCredentials},
		{"their answer", fmt.Errorf("assume role: %w", &apiError{"AccessDenied"}), Denied},
		{"their token", &apiError{"ExpiredTokenException"}, Expired},
		{"their throttling", &apiError{"ThrottlingException"}, Throttled},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := cloudwatchlogs.New(cloudwatchlogs.Options{
				Region: "eu-central-1", BaseEndpoint: aws.String("http://logs.test"), HTTPClient: bubble{newServer()},
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{}, test.err
				}),
			})
			_, err := New(client, Settings{Group: "g"}).Put(t.Context(), request("s"))
			if f := Classify(err); f.Kind != test.want || f.Lost {
				t.Errorf("%+v of %v", f, err)
			}
		})
	}
}

func TestExpiredCredentialsAreFetchedAnew(t *testing.T) {
	fetched := 0
	cache := aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		fetched++
		return testKeys.Retrieve(ctx)
	}))
	srv := newServer().with("g/s")
	srv.before = func(w http.ResponseWriter, _ *http.Request, _ string, _ []byte) bool {
		if fetched < 2 {
			refuse(w, 400, "ExpiredTokenException")
		}
		return fetched < 2
	}
	s := New(cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String("http://logs.test"), HTTPClient: bubble{srv}, Credentials: cache,
	}), Settings{Group: "g"})
	if _, err := s.Put(t.Context(), request("s")); Classify(err).Kind != Expired {
		t.Fatalf("first put: %v", err)
	}
	if _, err := s.Put(t.Context(), request("s")); err != nil {
		t.Fatalf("second put: %v", err)
	}
}

func TestRetryAfterCountsFromTheServersClock(t *testing.T) {
	for _, test := range []struct {
		header http.Header
		want   time.Duration
	}{
		{http.Header{}, 0},
		{http.Header{"Retry-After": {"12"}}, 12 * time.Second},
		{http.Header{"Retry-After": {"-1"}}, 0},
		{http.Header{"Retry-After": {"soon"}}, 0},
		{http.Header{"Retry-After": {"99999999999999999999"}}, 0},
		{http.Header{"X-Amz-Retry-After": {"1500"}, "Retry-After": {"9"}}, 1500 * time.Millisecond},
		{http.Header{"Date": {"Fri, 02 Jan 2026 10:00:00 GMT"}, "Retry-After": {"Fri, 02 Jan 2026 10:00:30 GMT"}}, 30 * time.Second},
		{http.Header{"Date": {"Fri, 02 Jan 2026 10:00:00 GMT"}, "Retry-After": {"Fri, 02 Jan 2026 09:00:00 GMT"}}, 0},
	} {
		if got := retryAfter(test.header); got != test.want {
			t.Errorf("%v: %v, want %v", test.header, got, test.want)
		}
	}
}

func TestEveryKindHasAName(t *testing.T) {
	seen := map[string]bool{}
	for k := Other; k <= Cancelled; k++ {
		if name := k.String(); name == "" || seen[name] || strings.HasPrefix(name, "kind ") {
			t.Errorf("kind %d is called %q", int(k), name)
		}
		seen[k.String()] = true
	}
	if Kind(99).String() != "kind 99" || Classify(nil) != (Failure{}) {
		t.Error("an unknown kind, or no error at all, is something")
	}
}

// An apiError is an error with a code, as services other than ours return it.
type apiError struct{ code string }

func (e *apiError) Error() string     { return e.code }
func (e *apiError) ErrorCode() string { return e.code }

func (e *apiError) ErrorMessage() string          { return "" }
func (e *apiError) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// quiet swallows what a test server has to say of a client that refuses it.
var quiet = log.New(io.Discard, "", 0)

// An error that does not come from Put, as of another call of the same client,
// says less, so more of them may be lost answers.
func TestClassifyErrorsOfTheSDKItself(t *testing.T) {
	for _, test := range []struct {
		name, url string
		want      Failure
	}{
		{"name", "http://nosuch.invalid", Failure{Kind: DNS}},
		{"closed", rawServer(t, readRequest), Failure{Kind: Reset, Lost: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := clientOf(t, test.url)
			_, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")},
				func(o *cloudwatchlogs.Options) { o.Retryer = aws.NopRetryer{} })
			if diff := cmp.Diff(test.want, Classify(err)); diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("12", "", "")
	f.Add("Fri, 02 Jan 2026 10:00:30 GMT", "", "Fri, 02 Jan 2026 10:00:00 GMT")
	f.Add("", "1500", "")
	f.Fuzz(func(t *testing.T, after, ms, date string) {
		if d := retryAfter(http.Header{"Retry-After": {after}, "X-Amz-Retry-After": {ms}, "Date": {date}}); d < 0 {
			t.Errorf("%v", d)
		}
	})
}
