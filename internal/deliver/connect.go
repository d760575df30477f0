package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go/logging"
)

// Client is the SDK's concrete client, under a name that the engine can use:
// this package is the only one behind the public face that knows the SDK.
type Client = cloudwatchlogs.Client

// ClientOptions choose the account and the place of a client made by
// [NewClient]. What is empty is found as the SDK does it: environment, shared
// configuration, container and instance roles.
type ClientOptions struct {
	// Region is the AWS region. If empty, and found nowhere else either,
	// us-east-1 with an endpoint override, else an error.
	Region string
	// Profile is a profile of the shared configuration.
	Profile string
	// EndpointURL overrides the endpoint of CloudWatch Logs, and of nothing
	// else: credentials still come from where they come from.
	EndpointURL string
}

// Times and sizes of our own connections.
const (
	dialTime   = 5 * time.Second  // also of a TLS handshake
	answerTime = 30 * time.Second // from the last byte sent to the answer's header
	idleTime   = 90 * time.Second // a connection with nothing to do is kept
	// idleConns is how many are kept: as many as puts may be in flight, or
	// each burst would dial again.
	idleConns = 64
	// writeBuffer lets a full body leave in large pieces.
	writeBuffer = 64 << 10
)

// NewClient returns a client with connections of its own that suit many puts
// at once, and that logs nothing. It reads files and the environment; whether
// endpoint and credentials exist shows with the first put.
func NewClient(ctx context.Context, opts ClientOptions) (*cloudwatchlogs.Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx, loadOptions(opts)...)
	if e, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return nil, fmt.Errorf("there is no AWS profile %q: name one of those that \"aws configure list-profiles\" shows in Options.Profile or AWS_PROFILE: %w", e.Profile, err)
	}
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	conns := newConnections(cfg.HTTPClient)
	client := cloudwatchlogs.NewFromConfig(cfg, func(o *cloudwatchlogs.Options) {
		o.HTTPClient = conns
		if opts.EndpointURL != "" {
			o.BaseEndpoint = &opts.EndpointURL
		}
		if o.BaseEndpoint != nil {
			o.Region = cmp.Or(o.Region, "us-east-1")
			if isLoopback(*o.BaseEndpoint) {
				o.Credentials = &localCredentials{next: o.Credentials}
			}
		}
	})
	o := client.Options()
	if o.Region == "" {
		return nil, fmt.Errorf("%w: set Options.Region, the environment variable AWS_REGION, or region in %s of the shared AWS configuration",
			&aws.MissingRegionError{}, profileName(opts))
	}
	if !regions.MatchString(o.Region) {
		return nil, fmt.Errorf("region %q is not a region: it has lower-case letters, digits and hyphens, as in us-east-1", o.Region)
	}
	if o.BaseEndpoint != nil {
		if err := checkEndpoint(*o.BaseEndpoint, opts); err != nil {
			return nil, err
		}
	}
	return client, nil
}

// regions is what the name of a region looks like; it becomes part of a host's.
var regions = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// isLoopback tells whether an endpoint is on this machine.
func isLoopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

func loadOptions(opts ClientOptions) []func(*config.LoadOptions) error {
	load := []func(*config.LoadOptions) error{
		config.WithLogger(logging.Nop{}),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTime })),
		// The mode "auto", which a user may have set, asks the instance
		// metadata service for its region at this point. All that a mode
		// changes are time-outs and retries, which are ours anyway.
		config.WithDefaultsMode(aws.DefaultsModeLegacy),
	}
	if opts.Region != "" {
		load = append(load, config.WithRegion(opts.Region))
	}
	if opts.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(opts.Profile))
	}
	return load
}

func profileName(opts ClientOptions) string {
	if opts.Profile == "" {
		return "the profile"
	}
	return fmt.Sprintf("profile %q", opts.Profile)
}

// checkEndpoint refuses what is no URL, by the name of where it was said.
func checkEndpoint(endpoint string, opts ClientOptions) error {
	u, err := url.Parse(endpoint)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return nil
	}
	source := "endpoint_url of " + profileName(opts)
	if opts.EndpointURL != "" {
		source = "option EndpointURL"
	} else {
		for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"} {
			if os.Getenv(name) == endpoint {
				source = name
			}
		}
	}
	remedy := "a URL such as http://127.0.0.1:4586"
	if with, err := url.Parse("http://" + endpoint); err == nil && with.Host != "" && !strings.Contains(endpoint, "://") {
		remedy = with.String()
	}
	return fmt.Errorf("%s: %q is not an http or https URL: write %s", source, endpoint, remedy)
}

// connections is the HTTP client of a client of ours. The type tells it from a
// user's.
type connections struct{ http.Client }

// newConnections takes proxy, certificates (AWS_CA_BUNDLE) and TLS settings
// from the SDK's client.
func newConnections(base aws.HTTPClient) *connections {
	buildable, ok := base.(*awshttp.BuildableClient)
	if !ok {
		buildable = awshttp.NewBuildableClient()
	}
	t := buildable.GetTransport()
	t.TLSHandshakeTimeout = dialTime
	t.ResponseHeaderTimeout = answerTime
	t.IdleConnTimeout = idleTime
	t.MaxIdleConns = 2 * idleConns
	t.MaxIdleConnsPerHost = idleConns
	t.WriteBufferSize = writeBuffer
	t.DialContext = dialer(t.DialContext).frugal
	t.DisableCompression = true // answers are some hundred bytes
	return &connections{http.Client{
		Transport: t,
		// The service does not redirect. Whoever answers so is not it and
		// shall not get the events.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// CloseIdle closes the idle connections of a client made by [NewClient]. It
// does nothing to any other client.
func CloseIdle(client *cloudwatchlogs.Client) {
	if c, ok := client.Options().HTTPClient.(*connections); ok {
		c.CloseIdleConnections()
	}
}
