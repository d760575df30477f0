package watchlambda

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/watchtower-go/watchtower"
)

// A Function is a handler for lambda.Start that delivers what is logged in each
// invocation. It is safe for concurrent use if what it was made of is.
type Function struct {
	log      slog.Handler // the first of handlers
	handlers []*watchtower.Handler
	opts     Options    // with defaults
	handler  any        // what the function was made of
	inner    sync.Pool  // of lambda.Handler: one for each invocation at the same time
	ext      *extension // nil without one
	warm     atomic.Bool

	mu    sync.Mutex
	stats Stats // under mu
}

// Wrap returns handler with a flush after each invocation, before its response
// is sent. The handler is a lambda.Handler or a function that lambda.Start would
// take; options of lambda-go for JSON go to lambda.NewHandlerWithOptions, others
// to lambda.StartWithOptions. opts may be nil.
//
// The context of the invocation knows its request and its trace. Records that are
// logged with it have them if [Attrs] is ContextAttrs of h's Options.
func Wrap(h *watchtower.Handler, handler any, opts *Options) *Function {
	f := &Function{log: h, handler: handler, opts: opts.withDefaults()}
	f.inner.New = func() any {
		if inner, ok := handler.(lambda.Handler); ok {
			return inner
		}
		return lambda.NewHandler(handler)
	}
	f.handlers = append([]*watchtower.Handler{h}, f.opts.Also...)
	return f
}

// Start is lambda.StartWithOptions(f, options...), and more: it delivers what was
// logged in the init phase before that ends, and it lets an extension know when a
// response has been sent, so that its flush does not compete with that. Like
// lambda.Start it does not return.
func (f *Function) Start(options ...lambda.Option) {
	// An environment may be made ahead, and wait for its first event as long as
	// for any other.
	f.flush(time.Now().Add(f.opts.FlushTimeout))
	if streaming := f.streaming(); streaming != nil {
		lambda.StartWithOptions(streaming, options...)
	}
	lambda.StartWithOptions(f.serve, options...)
}

// Invoke makes a Function a lambda.Handler, for lambda.Start and for wrappers of
// others. The invocation is over for an extension when it returns.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	response, over, err := f.answer(ctx, payload)
	over()
	return response, err
}

// answer calls the handler for a response of bytes, as handle does.
func (f *Function) answer(ctx context.Context, payload []byte) (response []byte, over func(), err error) {
	over, err = f.handle(ctx, func(ctx context.Context) error {
		response, err = f.call(ctx, payload)
		return err
	})
	return response, over, err
}

// handle calls the handler. The caller calls over when it is done with the
// response.
func (f *Function) handle(ctx context.Context, call func(context.Context) error) (over func(), err error) {
	ctx = newInvocation(ctx, !f.warm.Swap(true)).into(ctx)
	f.count(func(s *Stats) { s.Invocations++ })
	var taken *turn
	if f.ext != nil {
		taken = f.ext.turns.begin(requestID(ctx), deadline(ctx))
	}
	stop := f.lastCall(ctx)
	over = func() {
		stop()
		if taken == nil || !f.ext.turns.end(taken) {
			f.flush(f.until(ctx))
		}
	}
	defer func() {
		if v := recover(); v != nil {
			stop()
			f.panicked(ctx, v)
			f.flush(f.until(ctx)) // the process ends by it: there is no later
			if taken != nil {
				f.ext.turns.end(taken) // or it does not: somebody around this recovers
			}
			panic(v)
		}
	}()
	if err = call(ctx); err != nil {
		f.write(ctx, slog.LevelError, "the handler failed", slog.Any("error", err))
	}
	return over, err
}

// call calls the handler. What aws-lambda-go makes of a function answers with
// memory that it uses again, without a look at whether the response was sent. So
// each is used by one invocation at a time, and the response is copied.
func (f *Function) call(ctx context.Context, payload []byte) ([]byte, error) {
	inner := f.inner.Get().(lambda.Handler)
	response, err := inner.Invoke(ctx, payload)
	response = bytes.Clone(response)
	f.inner.Put(inner)
	return response, err
}

// panicked logs what the handler panicked with, where it did.
func (f *Function) panicked(ctx context.Context, v any) {
	f.count(func(s *Stats) { s.Panics++ })
	f.write(ctx, slog.LevelError, "panic", slog.String("panic", fmt.Sprint(v)), slog.String("stack", stack()))
}

// stack returns the stack of this goroutine from the panic on that is being
// recovered, without what was called since.
func stack() string {
	all := string(debug.Stack())
	head, _, _ := strings.Cut(all, "\n")
	if _, frames, ok := strings.Cut(all, "\npanic("); ok {
		return head + "\npanic(" + frames
	}
	return all
}

// lastCall logs and flushes when the time of the invocation is nearly up. What
// it returns calls that off.
func (f *Function) lastCall(ctx context.Context) (stop func()) {
	end, ok := ctx.Deadline()
	if !ok || f.opts.LastCall < 0 {
		return func() {}
	}
	left := time.Until(end)
	ahead := min(f.opts.LastCall, left/4)
	timer := time.AfterFunc(left-ahead, func() {
		f.write(ctx, slog.LevelWarn, "the function's time is nearly up", slog.Duration("left", time.Until(end)))
		f.flush(end)
	})
	return func() { timer.Stop() }
}

// write logs a record of this package's own.
func (f *Function) write(ctx context.Context, level slog.Level, msg string, attrs ...slog.Attr) {
	r := slog.NewRecord(time.Now(), level, msg, 0)
	r.AddAttrs(attrs...)
	if f.log.Enabled(ctx, level) {
		_ = f.log.Handle(ctx, r) // told by the handler's OnError if it is lost
	}
}

// until is when a flush that begins now has to be over: in time for the
// response, if there is a deadline.
func (f *Function) until(ctx context.Context) time.Time {
	end, ok := ctx.Deadline()
	if !ok {
		return time.Now().Add(f.opts.FlushTimeout)
	}
	return end.Add(-f.opts.Margin)
}

// flush delivers what is queued in all handlers, until then at the latest, and
// tells what is left.
func (f *Function) flush(until time.Time) {
	began := time.Now()
	if latest := began.Add(f.opts.FlushTimeout); latest.Before(until) {
		until = latest
	}
	// Not the invocation's context: records are delivered whatever becomes of it.
	ctx, cancel := context.WithDeadline(context.Background(), until)
	defer cancel()
	errs := make([]error, len(f.handlers))
	var flushes sync.WaitGroup
	for i, h := range f.handlers[1:] {
		flushes.Go(func() { errs[i+1] = h.Flush(ctx) })
	}
	errs[0] = f.handlers[0].Flush(ctx)
	flushes.Wait()
	f.flushed(errs, time.Since(began))
}

// flushed counts a flush, and tells of records that it has left.
func (f *Function) flushed(errs []error, took time.Duration) {
	var left int64
	var cause error
	for i, err := range errs {
		if err != nil {
			left += f.handlers[i].Stats().Pending
			cause = err
		}
	}
	f.count(func(s *Stats) {
		s.Flushes++
		s.FlushTime += took
		s.LongestFlush = max(s.LongestFlush, took)
		if s.Left = left; left > 0 {
			s.Late++
		}
	})
	if left > 0 {
		f.opts.OnError(&watchtower.PendingError{Records: left, Err: cause})
	}
}
