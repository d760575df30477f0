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

func (e *credentialsError) Error() string { return e.err.Error() }
func (e *credentialsError) Unwrap() error { return e.err }
