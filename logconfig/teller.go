package logconfig

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/logconfig/internal/sink"
)

// A WriteError tells of lines that a handler could not write: to a file, a stream
// or syslog. CloudWatch handlers tell of losses by [*watchtower.DropError].
type WriteError struct {
	// Handler is its name in the configuration.
	Handler string
	// Lines is how many were lost since the last WriteError of this handler; 0 if
	// none was: lines are written, but their file cannot be rotated.
	Lines int64
	// Err is why the last of them was.
	Err error
}

func (e *WriteError) Error() string {
	switch e.Lines {
	case 0:
		return fmt.Sprintf("handler %q: %v: lines go on in the same file", e.Handler, e.Err)
	case 1:
		return fmt.Sprintf("handler %q: 1 line lost: %v", e.Handler, e.Err)
	}
	return fmt.Sprintf("handler %q: %d lines lost: %v", e.Handler, e.Lines, e.Err)
}

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// tellEvery is how often losses that go on are told.
const tellEvery = time.Minute

// A teller tells of lines that were lost: at once, but not more often than once a
// minute, and likewise when lines are written again. What was not told then is told
// with the next, or when the handler is closed; so every loss is told, and none
// floods what hears of it, not even where each second line is lost.
type teller struct {
	handler string
	tell    func(error)

	mu      sync.Mutex
	failing bool
	lost    int64 // not told yet
	cause   error // of the last that is not told
	failed  time.Time
	worked  time.Time // when it was last told of a failure, and of lines written again
}

// note takes the outcome of a write.
func (t *teller) note(err error) {
	t.mu.Lock()
	if err == nil && !t.failing {
		t.mu.Unlock()
		return
	}
	last := &t.worked
	if t.failing = err != nil; t.failing {
		last = &t.failed
		t.add(err)
	}
	var say *WriteError
	if now := time.Now(); now.Sub(*last) >= tellEvery {
		if say = t.take(); say != nil {
			*last = now
		}
	}
	t.mu.Unlock()
	if say != nil {
		t.tell(say)
	}
}

// add takes a failure. The lock is held.
func (t *teller) add(err error) {
	if _, written := errors.AsType[*sink.RotateError](err); !written {
		t.lost++
	} else if t.lost > 0 {
		return // what is lost is more important
	}
	t.cause = err
}

// take returns what is to be told; nil if it is nothing. The lock is held.
func (t *teller) take() *WriteError {
	if t.cause == nil {
		return nil
	}
	e := &WriteError{Handler: t.handler, Lines: t.lost, Err: t.cause}
	t.lost, t.cause = 0, nil
	return e
}

// end tells what was lost and not told yet.
func (t *teller) end() {
	t.mu.Lock()
	var say *WriteError
	if t.lost > 0 {
		say = t.take()
	}
	t.mu.Unlock()
	if say != nil {
		t.tell(say)
	}
}
