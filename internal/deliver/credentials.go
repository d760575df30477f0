package deliver

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A provider marks the failures of a client's credential provider, which
// otherwise look like any failed request (most providers make requests
// themselves), to a service that has nothing to do with ours.
type provider struct{ next aws.CredentialsProvider }

// Retrieve implements aws.CredentialsProvider.
func (c *provider) Retrieve(ctx context.Context) (aws.Credentials, error) {
	v, err := c.next.Retrieve(ctx)
	if err != nil {
		return v, &credentialsError{err: err}
	}
	return v, nil
}

// ProviderSources passes on what the SDK says of the provider in User-Agent.
func (c *provider) ProviderSources() []aws.CredentialSource {
	if p, ok := c.next.(aws.CredentialProviderSource); ok {
		return p.ProviderSources()
	}
	return nil
}

// localCredentials stand in where there are none and the endpoint is on this
// machine: a local server wants a signature, whoever made it.
type localCredentials struct{ next aws.CredentialsProvider }

// Retrieve implements aws.CredentialsProvider.
func (c *localCredentials) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if c.next != nil {
		if v, err := c.next.Retrieve(ctx); err == nil {
			return v, nil
		}
	}
	return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", Source: "local endpoint"}, nil
}

// Invalidate passes on that the credentials have expired.
func (c *localCredentials) Invalidate() {
	if cache, ok := c.next.(interface{ Invalidate() }); ok {
		cache.Invalidate()
	}
}

// forgetCredentials makes a caching provider ask anew. The service knows
// better than the cache whether they have expired.
func (s *Sender) forgetCredentials() {
	if s.creds == nil {
		return
	}
	if cache, ok := s.creds.(*provider).next.(interface{ Invalidate() }); ok {
		cache.Invalidate()
	}
}

// A credentialsError is the failure of getting credentials: the request was
// never made.
type credentialsError struct{ err error }

func (e *credentialsError) Error() string {
	const text = "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or run where there is a role"
	if nowhere(e.err) {
		return text
	}
	return text + ": " + e.err.Error()
}
func (e *credentialsError) Unwrap() error { return e.err }
