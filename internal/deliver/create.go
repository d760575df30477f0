package deliver

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// makeStream creates the stream, once for all puts that found it missing.
func (s *Sender) makeStream(ctx context.Context, name string, st *stream, seen int) error {
	if s.settings.NoCreateLogStream {
		return &MissingError{Group: s.settings.Group, Stream: name}
	}
	return st.do(ctx, seen, func(ctx context.Context) error {
		return s.createStream(ctx, name)
	})
}

// createStream creates the stream and, if the service says that it is missing
// too, the group before it.
func (s *Sender) createStream(ctx context.Context, name string) error {
	seen := s.group.seen()
	err := s.callCreateStream(ctx, name)
	if !isNotFound(err) {
		return err
	}
	if s.settings.NoCreateLogGroup {
		return &MissingError{Group: s.settings.Group}
	}
	if err := s.group.do(ctx, seen, s.createGroup); err != nil {
		return err
	}
	for _, pause := range appearing {
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		if err = s.callCreateStream(ctx, name); !isNotFound(err) {
			break
		}
	}
	return err
}

func (s *Sender) callCreateStream(ctx context.Context, name string) error {
	_, err := s.client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName:  &s.settings.Group,
		LogStreamName: &name,
	}, s.creation)
	if err == nil || alreadyExists(err) {
		return nil
	}
	return &createError{what: fmt.Sprintf("log stream %q", name), err: brief(err)}
}

// createGroup creates the group with its settings. A retention that cannot be
// set is told but fails nothing: the events are worth more than their expiry.
func (s *Sender) createGroup(ctx context.Context) error {
	in := &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName:  &s.settings.Group,
		LogGroupClass: types.LogGroupClass(s.settings.LogGroupClass),
		Tags:          s.settings.Tags,
	}
	if s.settings.KMSKeyID != "" {
		in.KmsKeyId = &s.settings.KMSKeyID
	}
	if s.settings.DeletionProtection {
		in.DeletionProtectionEnabled = &s.settings.DeletionProtection
	}
	_, err := s.client.CreateLogGroup(ctx, in, s.creation)
	switch {
	case alreadyExists(err):
		return nil // another process was faster, and its settings hold
	case err != nil:
		return &createError{what: fmt.Sprintf("log group %q", s.settings.Group), err: brief(err)}
	}
	if err := s.setRetention(ctx); err != nil {
		s.notify(err)
	}
	return nil
}

func alreadyExists(err error) bool {
	_, ok := errors.AsType[*types.ResourceAlreadyExistsException](err)
	return ok
}

// creation are the options of every call but a put.
func (s *Sender) creation(o *cloudwatchlogs.Options) {
	s.perCall(o)
	o.Retryer = s.retryer
}

// newCreationRetryer returns the SDK's standard retryer with short pauses: a
// batch waits for it. OperationAborted means that another process creates the
// same thing this very moment. Throttling is not for it: creations are what a
// fleet that starts together is throttled for, and who calls backs off longer.
func newCreationRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 5
		o.RateLimiter = ratelimit.None // creations are too few to need one
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			most := 100 * time.Millisecond << min(attempt, 4)
			return most/2 + rand.N(most/2), nil
		})
		o.Retryables = append(o.Retryables, retry.RetryableErrorCode{
			Codes: map[string]struct{}{(*types.OperationAbortedException)(nil).ErrorCode(): {}},
		})
		o.Retryables = slices.Insert(o.Retryables, 0, retry.IsErrorRetryable(retry.IsErrorRetryableFunc(notThrottled)))
	})
}

// notThrottled denies that throttling is to be retried, and says nothing of
// other errors.
func notThrottled(err error) aws.Ternary {
	if (retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}).IsErrorThrottle(err) == aws.TrueTernary {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

// A createError is the failure of creating what a put needs. It tells
// [Classify] that a refusal is of the group or the stream, not of the events.
type createError struct {
	what string
	err  error
}

func (e *createError) Error() string { return fmt.Sprintf("create %s: %v", e.what, e.err) }
func (e *createError) Unwrap() error { return e.err }
