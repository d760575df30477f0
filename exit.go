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
	// ends by it, if nothing else in it listens for that signal. Without it
	// the program has to end by itself.
	Reraise bool
}

// FlushOnSignal flushes the handler when the program gets a signal, for as
// long as budget at most. Keep the budget below the time that the platform
// grants (30 s for ECS's stopTimeout and for Kubernetes, unless set otherwise).
// It does not close the handler: what is logged while the program shuts down
// is still taken, and a Close at the end delivers it.
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
		select {
		case <-quit:
		case s := <-got:
			flushFor(h, budget)
			if opts.Reraise {
				signal.Stop(got)
				raise(s)
			}
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(got)
		close(quit)
		<-done
	})
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
// and of goroutines:
//
//	defer watchtower.FlushOnPanic(h, 5*time.Second)
func FlushOnPanic(h *Handler, budget time.Duration) {
	v := recover()
	if v == nil {
		return
	}
	slog.New(h).Error("panic", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	flushFor(h, budget)
	panic(v)
}

// Exit closes the handler, for as long as budget at most, and ends the program
// with the code, as os.Exit does.
func Exit(h *Handler, code int, budget time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	err := h.Close(ctx)
	cancel()
	if err != nil {
		fmt.Fprintf(os.Stderr, "watchtower: %v\n", err)
	}
	os.Exit(code)
}

// flushFor flushes within a time. What is not delivered by then stays pending:
// Close tells of it.
func flushFor(h *Handler, budget time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	_ = h.Flush(ctx)
}
