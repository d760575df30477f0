package logconfig_test

import (
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// The expected texts were made in UTC.
	time.Local = time.UTC
	os.Setenv("AWS_CONFIG_FILE", "no-config")
	os.Setenv("AWS_SHARED_CREDENTIALS_FILE", "no-credentials")
	os.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	goleak.VerifyTestMain(m)
}
