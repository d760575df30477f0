package watchlambda

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/watchtower-go/watchtower"
)

// extensionName is what Lambda's own log calls it.
const extensionName = "watchtower"

// Extension is [Wrap] with the flush after the response: it registers an internal
// extension, which is a goroutine that lives until ctx ends. Call it once, in the
// init phase, which is before lambda.Start, with a context that nothing ends: once
// the extension is registered, Lambda waits for it in each invocation.
//
// Where that fails, as outside Lambda, OnError is told, and the function flushes
// before the response, as with Wrap.
//
// SIGTERM, which Lambda then sends at the end, closes the handlers within
// Options.ShutdownTimeout and ends the process.
func Extension(ctx context.Context, h *watchtower.Handler, handler any, opts *Options) *Function {
	f := Wrap(h, handler, opts)
	api, err := newExtensionAPI(os.Getenv("AWS_LAMBDA_RUNTIME_API"))
	if err == nil {
		err = api.register(ctx, extensionName)
	}
	if err != nil {
		f.opts.OnError(fmt.Errorf("no extension, so each flush is before the response: %w", err))
		return f
	}
	f.ext = &extension{f: f, api: api, turns: newTurns()}
	var stops []func()
	for _, h := range f.handlers {
		// Each raises the signal again when it is done. The others still listen
		// for it then, so that the process ends with the last.
		stops = append(stops, watchtower.FlushOnSignal(h, f.opts.ShutdownTimeout,
			&watchtower.SignalOptions{Signals: []os.Signal{syscall.SIGTERM}, Reraise: true}))
	}
	go func() {
		f.ext.run(ctx)
		for _, stop := range stops {
			stop()
		}
	}()
	return f
}

// An extension flushes between the end of an invocation and its own request for
// the next event, without which Lambda does not freeze the environment. The
// goroutine of run owns it, but for turns.
type extension struct {
	f     *Function
	api   *extensionAPI
	turns *turns
}

// run flushes after each invocation until there are no more events, and leaves
// what comes then to the function.
func (x *extension) run(ctx context.Context) {
	events, err := x.loop(ctx)
	x.turns.close()
	x.flush(time.Time{}) // for those that had left it to the extension
	x.api.close()
	if err == nil || ctx.Err() != nil {
		return
	}
	// Lambda waits for an extension that asks for nothing, so it has to know.
	report := x.api.exitError
	if events == 0 {
		report = x.api.initError
	}
	if told := report(ctx, err); told != nil {
		err = errors.Join(err, told)
	}
	x.f.opts.OnError(fmt.Errorf("the extension has ended, so each flush is before the response: %w", err))
}

// loop returns when ctx ends, at a SHUTDOWN, and with the first error of the API.
func (x *extension) loop(ctx context.Context) (events int, err error) {
	for ; ; events++ {
		event, err := x.api.next(ctx)
		if err != nil {
			return events, err
		}
		if event.Type == eventShutdown { // not for internal extensions, so far
			return events, nil
		}
		x.invocation(ctx, event)
	}
}

// invocation waits for the function to end, and flushes.
func (x *extension) invocation(ctx context.Context, event extensionEvent) {
	of := x.turns.await(event.RequestID)
	end := event.deadline()
	if end.IsZero() {
		end = time.Now().Add(x.f.opts.FlushTimeout)
	}
	// The end of the handler may never come: a request that aws-lambda-go
	// cannot read does not reach it.
	late := time.NewTimer(time.Until(end.Add(-x.f.opts.Margin)))
	defer late.Stop()
	select {
	case <-of.ended:
	case <-late.C:
	case <-ctx.Done():
	}
	x.flush(x.turns.leave(of))
}

// flush flushes in time for the next request to the API before the deadline, if
// there is one.
func (x *extension) flush(deadline time.Time) {
	if deadline.IsZero() {
		deadline = time.Now().Add(x.f.opts.FlushTimeout + x.f.opts.Margin)
	}
	x.f.flush(deadline.Add(-x.f.opts.Margin))
}
