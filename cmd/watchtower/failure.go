package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/smithy-go"
)

// A failure hears of what goes wrong in a delivery that somebody watches, and
// ends the wait where waiting is no use: the library itself goes on trying,
// since an operator may grant a permission that is missing now.
type failure struct {
	ctx    context.Context // ends with the wait
	cancel context.CancelFunc

	mu   sync.Mutex
	last error // what was told last
}

// newFailure starts a wait of at most patience.
func newFailure(ctx context.Context, patience time.Duration) *failure {
	f := &failure{}
	f.ctx, f.cancel = context.WithTimeout(ctx, patience)
	return f
}

func (f *failure) stop() { f.cancel() }

// tell is an Options.OnError.
func (f *failure) tell(err error) {
	f.mu.Lock()
	f.last = err
	f.mu.Unlock()
	e, ok := errors.AsType[smithy.APIError](err)
	if ok && e.ErrorFault() != smithy.FaultServer && !throttles(e.ErrorCode()) {
		f.cancel()
	}
}

// explain says why a delivery failed with err: what was told last is the
// cause, and err most often only that the wait has ended.
func (f *failure) explain(c *connection, group string, err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		return nil
	case f.last != nil:
		return c.explain(f.last, fmt.Sprintf("log group %q", group))
	}
	return err
}
