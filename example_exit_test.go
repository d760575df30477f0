package watchtower_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A container is told to end by SIGTERM and killed some seconds later. What was
// logged until then is delivered at once, while the program still finishes its
// work, and Close has only the rest to deliver. Should the five seconds of the
// flush not be enough, OnError is told how many records are pending; they stay,
// and Close delivers them, or keeps them on disk, or says that they are lost.
func ExampleFlushOnSignal() {
	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer watchtower.FlushOnSignal(h, 5*time.Second, nil)()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done() // the program's work
	slog.New(h).Info("told to end")

	end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := h.Close(end); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// A panic ends the program without running main's last lines. Deferred first in
// main, and in each goroutine of the program's own, FlushOnPanic logs it and
// delivers it before it goes on. Should five seconds not be enough, it closes the
// handler: what is left is kept on disk, with Options.SpoolDir, or goes to Fallback
// and is told, and the panic goes on.
func ExampleFlushOnPanic() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background())

	func() {
		defer func() { fmt.Println("the program would end with:", recover()) }()
		defer watchtower.FlushOnPanic(h, 5*time.Second)
		panic("out of paper")
	}()
	fmt.Println("delivered:", h.Stats().Delivered)
	// Output:
	// the program would end with: out of paper
	// delivered: 1
}

// os.Exit and log.Fatal run no deferred function, so what is in the queue would
// be lost. Exit closes the handler before it ends the program.
func ExampleExit() {
	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := errors.New("the port is in use"); err != nil { // of the program's start
		slog.New(h).Error("cannot start", "err", err)
		watchtower.Exit(h, 1, 5*time.Second) // not log.Fatal(err)
	}
}
