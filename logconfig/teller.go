package logconfig

import (
	"fmt"
	"sync"
	"time"
)

// A WriteError tells of lines that a handler could not write: to a file, a stream
// or syslog. CloudWatch handlers tell of losses by [*watchtower.DropError].
type WriteError struct {
	// Handler is its name in the configuration.
	Handler string
	// Lines is how many were lost since the last WriteError of this handler.
	Lines int64
	// Err is why the last of them was.
	Err error
}

func (e *WriteError) Error() string {
	if e.Lines == 1 {
		return fmt.Sprintf("handler %q: 1 line lost: %v", e.Handler, e.Err)
	}
	return fmt.Sprintf("handler %q: %d lines lost: %v", e.Handler, e.Lines, e.Err)
}

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// tellEvery is how often losses that go on are told.
const tellEvery = time.Minute

// A teller tells of lines that were lost: of the first at once, of those that
// follow once a minute and when lines are written again, so that every loss is
// told and none floods what hears of it.
type teller struct {
	handler string
	tell    func(error)

	mu   sync.Mutex
	lost int64 // not told yet
	err  error // of the last; nil while lines are written
	at   time.Time
}

// note takes the outcome of a write.
func (t *teller) note(err error) {
	t.mu.Lock()
	var say *WriteError
	if err != nil {
		now := time.Now()
		t.lost++
		first := t.err == nil
		t.err = err
		if first || now.Sub(t.at) >= tellEvery {
			say, t.at = t.take(), now
		}
	} else if t.err != nil {
		say, t.err = t.take(), nil
	}
	t.mu.Unlock()
	if say != nil {
		t.tell(say)
	}
}

// take returns what is to be told; nil if it is nothing. The lock is held.
func (t *teller) take() *WriteError {
	if t.lost == 0 {
		return nil
	}
	e := &WriteError{Handler: t.handler, Lines: t.lost, Err: t.err}
	t.lost = 0
	return e
}

// end tells what was not told yet.
func (t *teller) end() {
	t.mu.Lock()
	say := t.take()
	t.mu.Unlock()
	if say != nil {
		t.tell(say)
	}
}
