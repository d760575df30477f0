package watchlambda

import (
	"cmp"
	"fmt"
	"os"
	"time"

	"github.com/watchtower-go/watchtower"
)

const (
	defaultMargin       = 50 * time.Millisecond
	defaultFlushTimeout = 2 * time.Second
	defaultLastCall     = 500 * time.Millisecond

	// defaultShutdownTimeout leaves some of the 500 ms between SIGTERM and
	// SIGKILL that a function with an internal extension has:
	// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
	defaultShutdownTimeout = 400 * time.Millisecond
)

// Options tell [Wrap] and [Extension] how to deliver. A nil *Options and every
// zero field mean the default.
type Options struct {
	// Margin is the part of the function's time that a flush leaves, for the
	// response to be sent. If zero, 50 ms.
	Margin time.Duration
	// FlushTimeout is the longest that one flush may take, however much time the
	// function has left: what an outage of CloudWatch Logs adds to each
	// invocation. If zero, 2 s.
	FlushTimeout time.Duration
	// LastCall is how long before the end of the function's time a record tells
	// that the handler is still at work, and what was logged so far is
	// delivered; a quarter of the time at most. If zero, 500 ms; if negative,
	// never.
	LastCall time.Duration
	// ShutdownTimeout is the time for the last attempt, between the SIGTERM that
	// an extension brings and the end 500 ms later. If zero, 400 ms. [Wrap] does
	// not use it.
	ShutdownTimeout time.Duration

	// Also are other handlers of the function, such as one for each log group,
	// that are flushed at the same time. Panics and last calls are logged in the
	// first handler only.
	Also []*watchtower.Handler
	// OnError hears of flushes that end before all is delivered, as a
	// [*watchtower.PendingError], and of an extension that cannot be. The
	// handler's own OnError tells why. If nil, one line on standard error, which
	// is Lambda's own log.
	OnError func(error)
}

func (o *Options) withDefaults() Options {
	var with Options
	if o != nil {
		with = *o
	}
	with.Margin = cmp.Or(with.Margin, defaultMargin)
	with.FlushTimeout = cmp.Or(with.FlushTimeout, defaultFlushTimeout)
	with.LastCall = cmp.Or(with.LastCall, defaultLastCall)
	with.ShutdownTimeout = cmp.Or(with.ShutdownTimeout, defaultShutdownTimeout)
	if with.OnError == nil {
		with.OnError = func(err error) { fmt.Fprintf(os.Stderr, "watchlambda: %v\n", err) }
	}
	return with
}
