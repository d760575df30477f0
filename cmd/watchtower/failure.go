package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/smithy-go"

	"github.com/watchtower-go/watchtower"
)

// A failure hears of what goes wrong in a delivery that somebody watches, and
// ends the wait where waiting is no use: the library itself goes on trying,
// since an operator may grant a permission that is missing now.
type failure struct {
	ctx    context.Context // ends with the wait
	cancel context.CancelFunc

	mu      sync.Mutex
	cause   error // the gravest that was told
	settled bool  // cause is one that waiting does not mend
}

// newFailure starts a wait of at most patience.
func newFailure(ctx context.Context, patience time.Duration) *failure {
	f := &failure{}
	f.ctx, f.cancel = context.WithTimeout(ctx, patience)
	return f
}

func (f *failure) stop() { f.cancel() }

// tell is an Options.OnError. The losses that follow from an end of the wait
// must not hide why it ended.
func (f *failure) tell(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	loss := isType[*watchtower.DropError](err)
	if f.settled || loss && f.cause != nil {
		return
	}
	f.cause = err
	e, ok := errors.AsType[smithy.APIError](err)
	if ok && e.ErrorFault() != smithy.FaultServer && !throttles(e.ErrorCode()) {
		f.settled = true
		f.cancel()
	}
}

// explain says why a delivery failed with err, which most often is only that
// the wait has ended.
func (f *failure) explain(c *connection, group string, err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		return nil
	case f.cause != nil:
		return c.explain(f.cause, fmt.Sprintf("log group %q", group))
	}
	return err
}
