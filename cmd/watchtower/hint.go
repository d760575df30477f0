package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/watchtower-go/watchtower/internal/term"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// errInterrupted is a verb that was stopped by SIGINT or SIGTERM before its end.
var errInterrupted = errors.New("interrupted")

// A hinted error knows what its reader can do about it.
type hinted struct {
	error
	hints []string
}

func (h *hinted) Unwrap() error { return h.error }

// withHints adds what to do about err, one sentence a line.
func withHints(err error, hints ...string) error { return &hinted{err, hints} }

// A usageError is a command line that was not understood.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// report writes an error with its hints and returns the exit code it stands for.
func report(w *term.Screen, err error) int {
	if err == nil {
		return exitOK
	}
	// The reader of the output has seen enough: nothing that it need be told.
	if errors.Is(err, syscall.EPIPE) {
		return exitFailed
	}
	// Errors of the library begin with its name, which is that of the program.
	text := strings.TrimPrefix(err.Error(), "watchtower: ")
	fmt.Fprintln(w, w.Paint(term.Red, "watchtower:"), term.Visible(text))
	if h, ok := errors.AsType[*hinted](err); ok {
		for _, line := range h.hints {
			fmt.Fprintln(w, w.Paint(term.Cyan, "hint:"), term.Visible(line))
		}
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}
