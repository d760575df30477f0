//go:build linux

package fakelambda

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience bounds every wait for the process: it is only reached by a test that
// fails.
const Patience = 30 * time.Second

// An Environment is one execution environment. Its methods are for one goroutine.
type Environment struct {
	t      testing.TB
	server *httptest.Server
	*process

	mu         sync.Mutex
	changed    chan struct{} // of capacity 1: something below is another
	runtime    participant
	extensions map[string]*extension // by identifier
	closed     bool                  // no extension may register any more
	crashed    bool                  // an extension has said so
	faults     map[string][]int      // by path, the answers that take the place of the next ones
	reports    []Report
	answer     *Answer // of the invocation that is under way
	invoked    time.Time
	served     int // invocations
}

// A participant is what has to ask for the next event before a freeze.
type participant struct {
	waiting bool
	events  chan event // of capacity 1
}

// An event is what a next is answered with.
type event struct {
	header http.Header
	body   []byte
}

// A Report is what was posted to one of the paths for errors.
type Report struct{ Path, Type, Body string }

// An Answer is how an invocation ended.
type Answer struct {
	RequestID string
	Response  string        // the body, or that of the error
	Type      string        // of the body
	Failed    bool          // an error was posted instead of a response
	Latency   time.Duration // from the event to the response, as the caller sees it
	Total     time.Duration // from the event to the freeze
	TimedOut  bool          // the process was killed because its time was up
	Exited    bool          // the process has ended
}

// Start starts the function in an environment, with the variables that Lambda
// sets and those of the command, and returns when the init phase is over and the
// process frozen, or has ended. The answers to the first calls of paths in faults,
// such as "extension/register", are errors with that status; 0 serves a call. The
// end of the test kills what is left.
func Start(t testing.TB, command *exec.Cmd, faults map[string][]int) *Environment {
	t.Helper()
	e := &Environment{
		t: t, changed: make(chan struct{}, 1), extensions: map[string]*extension{}, faults: faults,
		runtime: participant{events: make(chan event, 1)},
	}
	e.server = httptest.NewServer(e.handler())
	command.Env = append(command.Env,
		"AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(e.server.URL, "http://"),
		"AWS_LAMBDA_FUNCTION_NAME=orders", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/orders", "AWS_LAMBDA_LOG_STREAM_NAME="+LogStream,
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand", "_HANDLER=bootstrap", "TZ=:UTC")
	var err error
	if e.process, err = startProcess(command); err != nil {
		e.server.Close()
		t.Fatal(err)
	}
	t.Cleanup(e.end)
	e.settle(time.Now().Add(Patience))
	return e
}

// LogStream is the name of the environment's stream in Lambda's own log group.
const LogStream = "2026/03/01/[$LATEST]0f1e2d3c4b5a69788796a5b4c3d2e1f0"

// Invoke thaws the environment, hands it an event, and returns when it is frozen
// again, has ended, or was killed because the function's time was up.
func (e *Environment) Invoke(payload string, timeout time.Duration) Answer {
	e.t.Helper()
	deadline := time.Now().Add(timeout)
	e.mu.Lock()
	e.served++
	id := fmt.Sprintf("8476a536-e9f4-11e8-9739-%012d", e.served)
	e.answer = &Answer{RequestID: id}
	toRuntime, toExtensions := invokeEvents(id, payload, deadline)
	to := []chan event{e.runtime.events}
	for _, x := range e.extensions {
		if x.invoke {
			to = append(to, x.events)
			x.waiting = false
		}
	}
	e.runtime.waiting = false
	e.mu.Unlock()

	e.thaw()
	e.mu.Lock()
	e.invoked = time.Now()
	e.mu.Unlock()
	to[0] <- toRuntime
	for _, c := range to[1:] {
		c <- toExtensions
	}
	timedOut := !e.settle(deadline)
	e.mu.Lock()
	defer e.mu.Unlock()
	a := *e.answer
	a.Total, a.TimedOut, a.Exited = time.Since(e.invoked), timedOut, e.hasExited()
	return a
}

// settle waits until all have asked for the next event, and freezes, or until
// the process ends. When the time is up it kills, and returns false.
func (e *Environment) settle(deadline time.Time) bool {
	late := time.NewTimer(time.Until(deadline))
	defer late.Stop()
	for !e.allWait() {
		if e.hasCrashed() {
			e.Kill()
			return true
		}
		select {
		case <-e.changed:
		case <-e.exited:
			return true
		case <-late.C:
			e.Kill()
			return false
		}
	}
	e.freeze()
	return true
}

// allWait is Lambda's rule.
func (e *Environment) allWait() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.extensions {
		if !x.waiting {
			return false
		}
	}
	return e.runtime.waiting
}

// hasCrashed reports that nothing but the end is left to wait for.
func (e *Environment) hasCrashed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.crashed && e.runtime.waiting
}

// Shutdown ends an idle environment as Lambda does, and reports whether the
// process ended by itself.
func (e *Environment) Shutdown() bool {
	e.mu.Lock()
	noticed := len(e.extensions) > 0
	e.mu.Unlock()
	if !noticed {
		e.Kill()
		return false
	}
	return e.terminate(500 * time.Millisecond)
}

// Reports returns what was posted to the paths for errors.
func (e *Environment) Reports() []Report {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]Report(nil), e.reports...)
}

// end is that of the test.
func (e *Environment) end() {
	e.Kill()
	e.server.CloseClientConnections()
	e.server.Close()
}

// changing changes what is waited for, with e.mu held by do.
func (e *Environment) changing(do func()) {
	e.mu.Lock()
	do()
	e.mu.Unlock()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// await answers a next with the event that comes, if the caller still listens.
func (e *Environment) await(ctx context.Context, w http.ResponseWriter, of *participant) {
	e.changing(func() { of.waiting = true })
	select {
	case <-ctx.Done():
	case got := <-of.events:
		for key, values := range got.header {
			w.Header()[key] = values
		}
		_, _ = w.Write(got.body)
	}
}
