package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/term"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// reported is what the command line says about an error.
func reported(t *testing.T, err error) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "screen")
	f, err2 := os.Create(name)
	if err2 != nil {
		t.Fatal(err2)
	}
	defer f.Close()
	report(term.NewScreen(f), err)
	text, err2 := os.ReadFile(name)
	if err2 != nil {
		t.Fatal(err2)
	}
	return string(text)
}

func TestErrorsOfTheServiceAreExplained(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"AccessDeniedException", `watchtower: access to log stream "web" of log group "app" is denied
hint: the identity needs the IAM action logs:GetLogEvents; see who it is with: aws sts get-caller-identity
hint: the service said: a text that nobody relies on
`},
		{"ExpiredTokenException", `watchtower: the AWS credentials have expired
hint: sign in again (aws sso login), or renew AWS_SESSION_TOKEN and its keys
`},
		{"UnrecognizedClientException", `watchtower: SERVER does not accept the AWS credentials (UnrecognizedClientException)
hint: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile
hint: the service said: a text that nobody relies on
`},
		// The server answers the question what there is with the same code.
		{"ResourceNotFoundException", `watchtower: log group "app" does not exist in SERVER, region us-east-1
hint: is it in another region? name it with --region
`},
		{"SomethingNew", `watchtower: SERVER refused logs:GetLogEvents: SomethingNew: a text that nobody relies on
`},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			w.Header().Set("X-Amzn-Requestid", "1234")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"__type":%q,"message":"a text that nobody relies on"}`, c.code)
		}))
		got := reported(t, readOnce(t.Context(), server.URL))
		server.Close()
		if diff := cmp.Diff(c.want, strings.ReplaceAll(got, server.URL, "SERVER")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.code, diff)
		}
	}
}

// readOnce reads a stream as the verb get does.
func readOnce(ctx context.Context, url string) error {
	c := connectLocal(url, http.DefaultTransport)
	for _, err := range pages(ctx, c.Client, (&getCmd{Group: "app", Stream: new("web")}).input(), false, 0) {
		if err != nil {
			return c.explainMissing(ctx, err, "app", "web")
		}
	}
	return nil
}

func TestAnEndpointThatIsAlmostRightIsExplained(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	if got := reported(t, readOnce(t.Context(), logs.URL()+"/foo")); !strings.Contains(got, "leave the path out of the endpoint URL") {
		t.Error(got)
	}
	server := "https" + strings.TrimPrefix(logs.URL(), "http")
	want := "watchtower: cannot reach " + server + ": it speaks plain HTTP\nhint: write http:// in --endpoint-url (or AWS_ENDPOINT_URL)\n"
	if diff := cmp.Diff(want, reported(t, readOnce(t.Context(), server))); diff != "" {
		t.Error(diff)
	}
}

func TestRequestIDsAreForThoseWhoKnowThem(t *testing.T) {
	err := &awshttp.ResponseError{RequestID: "1234"}
	for server, want := range map[string]int{"": 1, "https://logs.example.com": 1, "http://localhost:4586": 0} {
		if got := (&connection{server: server}).requestID(err); len(got) != want {
			t.Errorf("server %q: %q", server, got)
		}
	}
}

func TestAServerOfAnotherKindIsRecognised(t *testing.T) {
	for status, body := range map[int]string{http.StatusOK: "<html>", http.StatusNotFound: "no such page"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		got := reported(t, readOnce(t.Context(), server.URL))
		server.Close()
		if !strings.Contains(got, server.URL) {
			t.Errorf("status %d: %s", status, got)
		}
	}
}

func TestAnUntrustedCertificateIsRecognised(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	got := reported(t, readOnce(t.Context(), server.URL))
	if !strings.Contains(got, "the certificate of "+server.URL+" is not trusted") || !strings.Contains(got, "AWS_CA_BUNDLE") {
		t.Error(got)
	}
}

func TestAnInterruptionIsNoFailureOfTheService(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := readOnce(ctx, "http://127.0.0.1:1"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
