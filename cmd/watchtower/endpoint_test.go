package main

import (
	"errors"
	"path/filepath"
	"testing"
)

// withEnvironment clears what this machine knows of AWS, and sets this.
func withEnvironment(t *testing.T, env map[string]string) {
	t.Helper()
	none := filepath.Join(t.TempDir(), "none")
	for _, name := range []string{
		"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
	} {
		t.Setenv(name, env[name])
	}
	t.Setenv("AWS_CONFIG_FILE", none)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", none)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

func TestAConnectionFindsItsWay(t *testing.T) {
	const local, remote = "http://127.0.0.1:4586", "https://logs.example.com"
	keys := map[string]string{"AWS_ACCESS_KEY_ID": "real", "AWS_SECRET_ACCESS_KEY": "secret"}
	with := func(name, value string) map[string]string {
		env := map[string]string{name: value}
		for k, v := range keys {
			env[k] = v
		}
		return env
	}
	for name, c := range map[string]struct {
		endpoint            endpoint
		env                 map[string]string
		region, server, key string
	}{
		"local server":            {endpoint{EndpointURL: local}, nil, "us-east-1", local, placeholderKey},
		"its name":                {endpoint{EndpointURL: "http://localhost:1"}, nil, "us-east-1", "http://localhost:1", placeholderKey},
		"IPv6":                    {endpoint{EndpointURL: "http://[::1]:1"}, nil, "us-east-1", "http://[::1]:1", placeholderKey},
		"local by environment":    {endpoint{}, map[string]string{"AWS_ENDPOINT_URL": local}, "us-east-1", local, placeholderKey},
		"for this service":        {endpoint{}, map[string]string{"AWS_ENDPOINT_URL": remote, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": local}, "us-east-1", local, placeholderKey},
		"keys are used if given":  {endpoint{EndpointURL: local}, keys, "us-east-1", local, "real"},
		"another machine":         {endpoint{EndpointURL: remote}, keys, "us-east-1", remote, "real"},
		"region by flag":          {endpoint{EndpointURL: local, Region: "eu-west-1"}, with("AWS_REGION", "eu-north-1"), "eu-west-1", local, "real"},
		"region by environment":   {endpoint{}, with("AWS_REGION", "eu-north-1"), "eu-north-1", "", "real"},
		"flag before environment": {endpoint{EndpointURL: local}, with("AWS_ENDPOINT_URL", remote), "us-east-1", local, "real"},
	} {
		t.Run(name, func(t *testing.T) {
			withEnvironment(t, c.env)
			got, err := c.endpoint.connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			keys, err := got.Options().Credentials.Retrieve(t.Context())
			if err != nil || got.region != c.region || got.Options().Region != c.region || got.server != c.server || keys.AccessKeyID != c.key {
				t.Errorf("region %q (client: %q), server %q, key %q, %v", got.region, got.Options().Region, got.server, keys.AccessKeyID, err)
			}
		})
	}
}

func TestPlaceholderKeysStayOnThisMachine(t *testing.T) {
	for _, url := range []string{"http://192.0.2.1:4586", "https://logs.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com"} {
		withEnvironment(t, nil)
		e := endpoint{EndpointURL: url, Region: "us-east-1"}
		if _, err := e.connect(t.Context()); err == nil {
			t.Errorf("%s: connected without credentials", url)
		}
	}
}

func TestAWSNeedsARegion(t *testing.T) {
	withEnvironment(t, map[string]string{"AWS_ACCESS_KEY_ID": "real", "AWS_SECRET_ACCESS_KEY": "secret"})
	if _, err := new(endpoint).connect(t.Context()); !errors.Is(err, errNoRegion) {
		t.Error(err)
	}
}
