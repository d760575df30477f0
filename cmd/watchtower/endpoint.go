package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go/logging"
)

// An endpoint is the part of the command line that says where CloudWatch Logs
// is: AWS, found as every AWS tool finds it, or a server with its interface.
type endpoint struct {
	EndpointURL string `placeholder:"URL" help:"Server to talk to instead of AWS, such as http://127.0.0.1:4586. AWS_ENDPOINT_URL says the same."`
	Region      string `placeholder:"NAME" help:"AWS region. If not set: AWS_REGION, then the profile; us-east-1 with an endpoint."`
	Profile     string `placeholder:"NAME" help:"Profile of the shared AWS configuration."`
}

// Placeholder credentials, for a local server that checks none: SDKs refuse
// to send a request without any.
const (
	placeholderKey    = "local"
	placeholderSecret = "local"
)

const defaultEndpointRegion = "us-east-1"

// Validate is called by the parser of the command line.
func (e *endpoint) Validate() error {
	if e.EndpointURL == "" {
		return nil
	}
	if !isURL(e.EndpointURL) {
		return fmt.Errorf("--endpoint-url: %q is not a URL such as http://127.0.0.1:4586", e.EndpointURL)
	}
	return nil
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// regions is what the name of a region looks like; it becomes part of a host's.
var regions = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// A connection is a client with what error messages say about its other end.
type connection struct {
	*cloudwatchlogs.Client
	region string
	server string // URL of the endpoint override, "" for AWS
}

// connect makes a client and makes sure that it has a region and credentials.
// Asking for the credentials here, rather than by the first call, tells a
// failure to find any apart from a failure of that call.
func (e *endpoint) connect(ctx context.Context) (*connection, error) {
	load := []func(*config.LoadOptions) error{
		config.WithRegion(e.Region),
		config.WithSharedConfigProfile(e.Profile),
		// What the SDK would write to standard error either comes back as an
		// error or is of no use to a reader of logs.
		config.WithLogger(logging.Nop{}),
	}
	if e.placeholders() {
		load = append(load, config.WithCredentialsProvider(
			credentials.NewStaticCredentialsProvider(placeholderKey, placeholderSecret, "")))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, explainConfig(err)
	}
	client := cloudwatchlogs.NewFromConfig(cfg, e.override, withPatience)
	c := &connection{Client: client, region: client.Options().Region}
	if base := client.Options().BaseEndpoint; base != nil {
		c.server = *base
	}
	switch {
	case c.server != "" && !isURL(c.server): // the flag was looked at before
		return nil, withHints(fmt.Errorf("the endpoint %q is not an http or https URL", c.server),
			"mend AWS_ENDPOINT_URL (or endpoint_url in the profile): it begins with http:// or https://, as in http://127.0.0.1:4586")
	case c.region == "" && c.server == "":
		return nil, errNoRegion
	case c.region != "" && !regions.MatchString(c.region):
		return nil, withHints(fmt.Errorf("region %q is not a region: it has lower-case letters, digits and hyphens, as in us-east-1", c.region),
			"mend --region, AWS_REGION, or region in the profile")
	case c.region == "":
		c.region = defaultEndpointRegion
		cfg.Region = c.region
		c.Client = cloudwatchlogs.NewFromConfig(cfg, e.override, withPatience)
	}
	if _, err := c.Options().Credentials.Retrieve(ctx); err != nil {
		return nil, explainCredentials(ctx, err)
	}
	return c, nil
}

// override sets the flag's endpoint; the SDK honours the environment itself.
func (e *endpoint) override(o *cloudwatchlogs.Options) {
	if e.EndpointURL != "" {
		o.BaseEndpoint = &e.EndpointURL
	}
}

// placeholders tells whether to go without real credentials: at a server on
// this machine, when nobody has named any.
func (e *endpoint) placeholders() bool {
	server := e.EndpointURL
	for _, name := range []string{"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL"} {
		if server == "" && os.Getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") != "true" {
			server = os.Getenv(name)
		}
	}
	named := e.Profile != "" || os.Getenv("AWS_PROFILE") != "" || os.Getenv("AWS_ACCESS_KEY_ID") != ""
	return isLoopback(server) && !named
}

// isLoopback tells whether a URL leads to this machine by its very address.
func isLoopback(server string) bool {
	u, err := url.Parse(server)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
