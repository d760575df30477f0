package deliver

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// bare takes all AWS settings of the machine away and puts vars in place.
func bare(t *testing.T, vars map[string]string) {
	t.Helper()
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			_ = os.Unsetenv(name)
		}
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "credentials"))
	for name, value := range vars {
		t.Setenv(name, value)
	}
}

func TestNewClientFindsRegionAndEndpoint(t *testing.T) {
	for _, test := range []struct {
		name             string
		vars             map[string]string
		profiles         string
		opts             ClientOptions
		region, endpoint string
	}{
		{name: "option", vars: map[string]string{"AWS_REGION": "eu-west-1"}, opts: ClientOptions{Region: "ap-south-1"}, region: "ap-south-1"},
		{name: "environment", vars: map[string]string{"AWS_REGION": "eu-west-1"}, region: "eu-west-1"},
		{name: "profile", profiles: "[profile p]\nregion = sa-east-1\n", opts: ClientOptions{Profile: "p"}, region: "sa-east-1"},
		{name: "endpoint option", opts: ClientOptions{EndpointURL: "http://127.0.0.1:1"}, region: "us-east-1", endpoint: "http://127.0.0.1:1"},
		{name: "endpoint and region", opts: ClientOptions{EndpointURL: "http://127.0.0.1:1", Region: "eu-west-1"}, region: "eu-west-1", endpoint: "http://127.0.0.1:1"},
		{name: "endpoint of all", vars: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:2"}, region: "us-east-1", endpoint: "http://127.0.0.1:2"},
		{name: "endpoint of logs", vars: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:2", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://127.0.0.1:3"}, region: "us-east-1", endpoint: "http://127.0.0.1:3"},
		{name: "endpoint of the profile", profiles: "[profile p]\nendpoint_url = http://127.0.0.1:4\n", opts: ClientOptions{Profile: "p"}, region: "us-east-1", endpoint: "http://127.0.0.1:4"},
		{name: "option before environment", vars: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:2"}, opts: ClientOptions{EndpointURL: "http://127.0.0.1:1"}, region: "us-east-1", endpoint: "http://127.0.0.1:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bare(t, test.vars)
			if err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte(test.profiles), 0o600); err != nil {
				t.Fatal(err)
			}
			client, err := NewClient(t.Context(), test.opts)
			if err != nil {
				t.Fatal(err)
			}
			o := client.Options()
			if o.Region != test.region || aws.ToString(o.BaseEndpoint) != test.endpoint {
				t.Errorf("region %q, endpoint %q", o.Region, aws.ToString(o.BaseEndpoint))
			}
		})
	}
}

func TestNewClientRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		vars map[string]string
		opts ClientOptions
		want []string
	}{
		{"no region", nil, ClientOptions{}, []string{"region", "Options.Region", "AWS_REGION"}},
		{"no such profile", nil, ClientOptions{Profile: "nobody"}, []string{`there is no AWS profile "nobody"`, "aws configure list-profiles", "AWS_PROFILE"}},
		{"no such profile in the environment", map[string]string{"AWS_PROFILE": "nope"}, ClientOptions{}, []string{`there is no AWS profile "nope"`, "aws configure list-profiles"}},
		{"no scheme", nil, ClientOptions{EndpointURL: "127.0.0.1:14586"}, []string{`option EndpointURL: "127.0.0.1:14586" is not an http or https URL: write http://127.0.0.1:14586`}},
		{"no scheme in the environment", map[string]string{"AWS_ENDPOINT_URL": "127.0.0.1:14586"}, ClientOptions{}, []string{`AWS_ENDPOINT_URL: "127.0.0.1:14586" is not`, "write http://127.0.0.1:14586"}},
		{"a name without a scheme", map[string]string{"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "localhost:1"}, ClientOptions{}, []string{`AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: "localhost:1" is not`, "write http://localhost:1"}},
		{"no host", map[string]string{"AWS_ENDPOINT_URL": "http:///x"}, ClientOptions{}, []string{"http:///x", "http://127.0.0.1"}},
		{"another scheme", nil, ClientOptions{EndpointURL: "ftp://host"}, []string{"ftp://host"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			bare(t, test.vars)
			_, err := NewClient(t.Context(), test.opts)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error does not mention %q: %v", want, err)
				}
			}
			if _, isRegion := errors.AsType[*aws.MissingRegionError](err); isRegion != (test.name == "no region") {
				t.Errorf("%T", err)
			}
		})
	}
}

// TestNewClientDialsNothing sets up everything that could tempt the SDK to ask
// somebody: a proxy that sees any HTTP request, and the mode that looks for the
// region of the instance.
func TestNewClientDialsNothing(t *testing.T) {
	var dialed atomic.Int32
	listener := rawServer(t, func(c net.Conn) {
		dialed.Add(1)
		readRequest(c)
		_, _ = io.WriteString(c, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	})
	bare(t, map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_DEFAULTS_MODE": "auto",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT":  listener,
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": listener,
		"AWS_ENDPOINT_URL":                   "https://endpoint.invalid", // on another machine, or there are stand-ins
		"HTTP_PROXY":                         listener, "HTTPS_PROXY": listener,
	})
	start := time.Now()
	client, err := NewClient(t.Context(), ClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
	if dialed.Load() != 0 {
		t.Error("something was dialed")
	}
	// The counter-check: the first use does dial, for credentials.
	_, err = New(client, Settings{Group: "g"}).Put(t.Context(), request("s"))
	if f := Classify(err); f.Kind != NoCredentials || f.Lost {
		t.Errorf("%+v of %v", f, err)
	}
	if dialed.Load() == 0 {
		t.Error("the test cannot see what is dialed")
	}
}

func TestALocalEndpointNeedsNoCredentials(t *testing.T) {
	var signed atomic.Int32
	local := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Authorization"), "Credential=local/") {
			signed.Add(1)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, "{}")
	}))
	defer local.Close()
	bare(t, map[string]string{"AWS_EC2_METADATA_DISABLED": "true"})
	client, err := NewClient(t.Context(), ClientOptions{EndpointURL: local.URL})
	if err != nil {
		t.Fatal(err)
	}
	sender := New(client, Settings{Group: "g"})
	defer sender.Close()
	if _, err := sender.Put(t.Context(), request("s")); err != nil || signed.Load() != 1 {
		t.Errorf("%d requests with stand-ins: %v", signed.Load(), err)
	}
}

func TestNewClientRefusesWhatIsNoRegion(t *testing.T) {
	bare(t, nil)
	for _, region := range []string{"x y", "us_east_1", "EU", "a/b", "-"} {
		if _, err := NewClient(t.Context(), ClientOptions{Region: region}); err == nil || !strings.Contains(err.Error(), region) {
			t.Errorf("%q: %v", region, err)
		}
	}
}

func TestCloseIdleIsForOurClientsOnly(t *testing.T) {
	var theirs closer
	CloseIdle(cloudwatchlogs.New(cloudwatchlogs.Options{HTTPClient: &http.Client{Transport: &theirs}}))
	if theirs.closed {
		t.Error("connections of a user's client were closed")
	}
	client, conns := counting(t, newServer().with("g/s"))
	s := New(client, Settings{Group: "g"})
	for range 2 {
		if _, err := s.Put(t.Context(), request("s")); err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	if got := conns.Load(); got != 2 {
		t.Errorf("%d connections, want one before and one after Close", got)
	}
}

// A closer is a transport that knows whether it was closed.
type closer struct {
	http.RoundTripper
	closed bool
}

func (c *closer) CloseIdleConnections() { c.closed = true }
