package deliver

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// retention remembers whether the group's retention was dealt with.
type retention struct{ settled atomic.Bool }

// enforceRetention sets the retention of a group that exists already, once.
// Only when the caller was interrupted is it left for a later put.
func (s *Sender) enforceRetention(ctx context.Context) {
	if !s.settings.EnforceRetention || s.settings.RetentionDays == 0 || !s.retention.settled.CompareAndSwap(false, true) {
		return
	}
	err := s.setRetention(ctx)
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		s.retention.settled.Store(false)
	default:
		s.notify(err)
	}
}

// setRetention sets RetentionDays on the group, if there are any.
func (s *Sender) setRetention(ctx context.Context) error {
	if s.settings.RetentionDays == 0 {
		return nil
	}
	days := int32(s.settings.RetentionDays)
	_, err := s.client.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{
		LogGroupName:    &s.settings.Group,
		RetentionInDays: &days,
	}, s.creation)
	if err != nil {
		return &RetentionError{Group: s.settings.Group, Days: s.settings.RetentionDays, Err: err}
	}
	s.retention.settled.Store(true)
	return nil
}

// A RetentionError is the failure to set a group's retention. Events are
// delivered nevertheless.
type RetentionError struct {
	Group string
	Days  int
	Err   error
}

func (e *RetentionError) Error() string {
	return fmt.Sprintf("set the retention of log group %q to %d days: %v", e.Group, e.Days, e.Err)
}

// Unwrap returns the error of the client.
func (e *RetentionError) Unwrap() error { return e.Err }
