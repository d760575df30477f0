package watchtower

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

// A program that ends by os.Exit, log.Fatal, a panic or a signal runs no
// deferred Close: what its handlers hold is lost, unless one of the functions
// here comes before. log.Fatal cannot be helped, because it exits by itself: log
// with log.Print and call [Exit], or give the handler Options.Sync.

// SignalOptions tell [FlushOnSignal] what to do. The zero value is a good one.
type SignalOptions struct {
	// Signals are those that flush. If empty, os.Interrupt and SIGTERM, which
	// is what ECS, Kubernetes and systemd send first.
	Signals []os.Signal
	// Reraise lets the signal take its course after the flush: the program
	// ends by it, if nothing else in it listens for that signal. The handler is
	// closed before, so that nothing vanishes with the program. Without it the
	// program has to end, and to close the handler, by itself.
	Reraise bool
}

// FlushOnSignal flushes the handler whenever the program gets a signal, for as
// long as budget at most. Keep the budget some seconds below the time that the
// platform grants (30 s for ECS's stopTimeout and for Kubernetes, unless set
// otherwise).
//
// It does not close the handler: what is logged while the program shuts down
// is still taken, and a Close at the end delivers it. When the budget ends
// before all is delivered, OnError gets a [*PendingError], and records stay
// where they are until they are delivered or the handler is closed.
//
// With Reraise the program ends here, so the handler is closed after the
// flush, within what is left of the budget. As with [Exit], what is not
// delivered by then is kept on disk, with Options.SpoolDir, or is dropped: OnError
// and Fallback get it, for which they have a moment more, and the error of Close
// is written to standard error.
//
// The function that it returns stops listening, and waits for a flush that is
// under way. opts may be nil.
func FlushOnSignal(h *Handler, budget time.Duration, opts *SignalOptions) (stop func()) {
	if opts == nil {
		opts = new(SignalOptions)
	}
	signals := opts.Signals
	if len(signals) == 0 {
		signals = []os.Signal{os.Interrupt, syscall.SIGTERM}
	}
	got := make(chan os.Signal, 1)
	signal.Notify(got, signals...)
	done, quit := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			case s := <-got:
				if !opts.Reraise {
					h.flushFor(budget)
					continue
				}
				h.endWithin(budget)
				signal.Stop(got)
				raise(s)
				return
			}
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(got)
		close(quit)
		<-done
	})
}

// flushFor flushes within a time, and tells what is left.
func (h *Handler) flushFor(budget time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	err := h.Flush(ctx)
	if n := h.Stats().Pending; err != nil && n > 0 {
		h.core.engine.Tell(&PendingError{Records: n, Err: err})
	}
}

// endWithin flushes and then closes, because the program ends. Records that come
// during the flush are still taken.
func (h *Handler) endWithin(budget time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	_ = h.Flush(ctx) // Close tells
	h.closeLast(ctx)
}

// closeLast closes, and tells on standard error what was not delivered: nobody
// else will.
func (h *Handler) closeLast(ctx context.Context) {
	if err := h.Close(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "watchtower: %v\n", err)
	}
}

// raise sends the signal to this process. On systems that cannot, the process
// exits as a shell would report it.
func raise(s os.Signal) {
	if p, err := os.FindProcess(os.Getpid()); err == nil && p.Signal(s) == nil {
		return
	}
	code := 1
	if n, ok := s.(syscall.Signal); ok {
		code = 128 + int(n)
	}
	os.Exit(code)
}

// FlushOnPanic logs a panic, with its stack, at slog.LevelError, flushes for as
// long as budget at most, and lets the panic go on. Defer it at the top of main
// and of goroutines, where the panic ends the program:
//
//	defer watchtower.FlushOnPanic(h, 5*time.Second)
//
// Waiting takes no longer than the budget, Sync and Block included. What other
// goroutines log after the flush has begun is not waited for. When the budget ends
// before all is delivered, the handler is closed, as by [Exit]: what is left is
// kept on disk, with Options.SpoolDir, or is dropped: OnError and Fallback get it,
// for which they have a moment more, and the error of Close is written to
// standard error. So don't defer it below a recover, such as that of net/http: in
// an outage the first panic would close the handler of a program that goes on.
func FlushOnPanic(h *Handler, budget time.Duration) {
	v := recover()
	if v == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	r := slog.NewRecord(time.Now(), slog.LevelError, "panic", 0)
	r.AddAttrs(slog.String("panic", fmt.Sprint(v)), slog.String("stack", string(debug.Stack())))
	if h.Enabled(ctx, r.Level) {
		_ = h.handle(ctx, nil, nil, &r) // told by OnError if it is lost
	}
	h.flushOrClose(ctx)
	panic(v)
}

// FlushOrClose flushes for as long as budget at most. When that ends before all is
// delivered it closes the handler, as [Exit] does. It is for what comes just
// before the end of a program that something else brings about, as the Fatal of
// most loggers does.
func FlushOrClose(h *Handler, budget time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	h.flushOrClose(ctx)
}

func (h *Handler) flushOrClose(ctx context.Context) {
	if h.Flush(ctx) != nil {
		h.closeLast(ctx)
	}
}

// Exit closes the handler, for as long as budget at most, writes the error of
// that to standard error, and ends the program with the code, as os.Exit does.
func Exit(h *Handler, code int, budget time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	h.closeLast(ctx)
	cancel()
	os.Exit(code)
}
