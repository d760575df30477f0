package engine

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"
)

// A Loss tells of records that will not be delivered, for one reason.
type Loss struct {
	Reason  string
	Records int64
	Bytes   int64
	// Levels has the number of events by level, where these are known.
	Levels map[slog.Level]int64
	// First and Last are the earliest and the latest time, in milliseconds.
	First, Last int64
	// Err is the cause, where there is more to say than Reason does.
	Err error
}

// A SendError tells that a batch was not stored; unless a Loss says otherwise
// it will be sent again.
type SendError struct {
	Kind string // what failed, by name
	Err  error
	Repeats
}

func (e *SendError) Error() string { return e.Err.Error() + " (" + e.Kind + ")" }

// Unwrap returns the error of the client.
func (e *SendError) Unwrap() error { return e.Err }

// A RecoveredError is told when delivery works again after failures. Nothing
// is wrong any more.
type RecoveredError struct {
	Group    string
	Failures int
	Outage   time.Duration
}

func (e *RecoveredError) Error() string {
	failures := fmt.Sprintf("%d failures", e.Failures)
	if e.Failures == 1 {
		failures = "1 failure"
	}
	return fmt.Sprintf("delivery to log group %q works again after %s in %s", e.Group, failures, e.Outage.Round(time.Millisecond))
}

const (
	// lossEvery is the least time between two reports of losses: a burst of
	// a million drops is told in a few calls.
	lossEvery = time.Second
	// maxFailures bounds the failures that wait to be told.
	maxFailures = 64
)

// A reporter tells of failures and losses, one at a time, from a goroutine that
// lives while there is something to tell. Nobody ever waits for it.
type reporter struct {
	onError func(error)
	onLoss  func(Loss)
	panics  *panics

	mu       sync.Mutex
	repeats  repeats
	failures []error
	losses   []Loss // one per reason
	running  bool
	closed   bool
	last     bool          // closed: nothing more is told this time
	until    time.Time     // closed: nothing is told before
	hurry    chan struct{} // closed with the engine: don't space reports any more
	quiet    chan struct{} // closed when the goroutine ends; nil while there is none

	telling []func() // what that goroutine is at; nobody else's
}

func newReporter(onError func(error), onLoss func(Loss)) *reporter {
	return &reporter{onError: onError, onLoss: onLoss, panics: &panics{name: "OnError"}, hurry: make(chan struct{})}
}

// failure tells of an error that loses nothing by itself, unless it goes on
// with what was told before (see repeats).
func (r *reporter) failure(err error) {
	if r.onError == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err = r.news(err); err != nil {
		r.failures = append(r.failures, err)
	}
	r.start()
}

// Tell tells, through OnError, what the public face has to say.
func (e *Engine) Tell(err error) { e.report.failure(err) }

// disk tells of an error of the spool.
func (r *reporter) disk(err error) { r.failure(NewDiskError(err)) }

// news returns what is to be told of a failure, if anything.
func (r *reporter) news(err error) error {
	if _, ok := err.(*RecoveredError); ok {
		if r.repeats.recovered() {
			return err
		}
		return nil
	}
	seen, tell := r.repeats.failed(keyOf(err), time.Now(), len(r.failures) < maxFailures)
	if !tell {
		return nil
	}
	switch e := err.(type) {
	case *SendError:
		return &SendError{Kind: e.Kind, Err: e.Err, Repeats: seen}
	case *DiskError:
		return &DiskError{Kind: e.Kind, Path: e.Path, Err: e.Err, Repeats: seen}
	}
	return err
}

// loss tells of a loss; what is lost for the same reason until it is told is
// added up.
func (r *reporter) loss(l Loss) {
	if r.onLoss == nil || l.Records == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(l)
	r.start()
}

func (r *reporter) add(l Loss) {
	for i := range r.losses {
		if sum := &r.losses[i]; sum.Reason == l.Reason {
			sum.Records += l.Records
			sum.Bytes += l.Bytes
			sum.First, sum.Last = min(sum.First, l.First), max(sum.Last, l.Last)
			if l.Err != nil {
				sum.Err = l.Err
			}
			for level, n := range l.Levels {
				sum.Levels[level] += n
			}
			return
		}
	}
	l.Levels = maps.Clone(l.Levels)
	if l.Levels == nil {
		l.Levels = make(map[slog.Level]int64)
	}
	r.losses = append(r.losses, l)
}

// start starts the goroutine, unless it runs. Once the engine is closed no
// goroutine may linger, so what is logged then is told when the time has come
// and more is logged.
func (r *reporter) start() {
	if r.running || r.closed && time.Now().Before(r.until) {
		return
	}
	r.running = true
	r.quiet = make(chan struct{})
	go r.run(r.quiet)
}

// run tells until there is nothing left to tell. After a loss it lingers, to
// add up those that follow. Once the engine is closed it tells what there is
// and no more: an OnError that logs to us would keep it busy for ever.
func (r *reporter) run(quiet chan struct{}) {
	ended := false
	defer func() {
		if ended {
			close(quiet)
		} else { // OnError ended the goroutine: runtime.Goexit, by t.FailNow, say
			go r.run(quiet)
		}
	}()
	for {
		for len(r.telling) > 0 {
			f := r.telling[0]
			r.telling = r.telling[1:]
			r.call(f)
		}
		if ended = !r.more(); ended {
			return
		}
	}
}

// more takes over what there is to tell, and a wait after losses. It reports
// whether there is anything.
func (r *reporter) more() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last || len(r.failures)+len(r.losses) == 0 {
		r.running, r.last, r.telling = false, false, nil
		return false
	}
	for _, err := range r.failures {
		r.telling = append(r.telling, func() { r.onError(err) })
	}
	for _, l := range r.losses {
		r.telling = append(r.telling, func() { r.onLoss(l) })
	}
	if len(r.losses) > 0 {
		r.telling = append(r.telling, r.linger)
	}
	r.failures, r.losses = nil, nil
	if r.last = r.closed; r.last {
		r.until = time.Now().Add(lossEvery)
	}
	return true
}

// linger waits a moment, unless the engine is closed.
func (r *reporter) linger() {
	t := time.NewTimer(lossEvery)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.hurry:
	}
}

// call runs the user's function. A panic in it must not end the program whose
// logging it watches.
func (r *reporter) call(f func()) {
	defer func() {
		if p := recover(); p != nil {
			r.panics.caught(p)
		}
	}()
	f()
}

// tellGrace is how long close waits when its context has ended: most programs end
// when Close returns, and what they lost is not told then.
const tellGrace = time.Second

// close tells what is left and waits for that until ctx ends, and a while longer.
func (r *reporter) close(ctx context.Context) {
	close(r.hurry)
	r.mu.Lock()
	r.closed = true
	quiet := r.quiet
	r.mu.Unlock()
	if quiet == nil {
		return
	}
	defer r.panics.last()
	select {
	case <-quiet:
		return
	case <-ctx.Done():
	}
	t := time.NewTimer(tellGrace)
	defer t.Stop()
	select {
	case <-quiet:
	case <-t.C:
	}
}
