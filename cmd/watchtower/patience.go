package main

import (
	"crypto/tls"
	"errors"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

const (
	// throttledAttempts is how often a throttled call is made, with back-off
	// up to 20 s between: a long read must outlast a busy minute of the account.
	throttledAttempts = 12
	// failedAttempts is how often a call is made that fails in another way
	// which may pass. It is the SDK's default.
	failedAttempts = 3
)

// A patience is the SDK's standard retry, except that it outlasts throttling
// and does not insist where nobody listens.
type patience struct{ aws.RetryerV2 }

func withPatience(o *cloudwatchlogs.Options) {
	o.Retryer = patience{retry.NewStandard(func(s *retry.StandardOptions) {
		s.MaxAttempts = throttledAttempts
		// The bucket is meant for a service's many clients; a command line is
		// one, waits between attempts, and gives up by count.
		s.RateLimiter = ratelimit.None
	})}
}

// RetryDelay ends the attempts, by returning the error itself, where a further
// one is no use.
func (p patience) RetryDelay(attempt int, err error) (time.Duration, error) {
	throttled := retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary
	hopeless := errors.Is(err, syscall.ECONNREFUSED) || isType[*tls.CertificateVerificationError](err)
	if hopeless || !throttled && attempt >= failedAttempts {
		return 0, err
	}
	return p.RetryerV2.RetryDelay(attempt, err)
}
