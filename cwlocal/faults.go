package cwlocal

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Faults are the faults that a [Server] injects into the requests that it
// admits, so that a client's retries can be tested. It is safe for concurrent
// use. A fault takes effect before the operation does: nothing is stored.
type Faults struct {
	mu   sync.Mutex
	list []Fault
}

// A Fault is one rule.
type Fault struct {
	// Operation is the operation that it hits, such as "PutLogEvents". If empty, all.
	Operation string
	// Times is how many calls it hits, the next ones. If negative, all until
	// [Faults.Clear]; zero hits none.
	Times int
	// Delay is how long the call waits.
	Delay time.Duration
	// Status, if not zero, answers with this HTTP status instead of serving.
	Status int
	// Code and Message are the error of that answer.
	Code, Message string
	// Reset cuts the connection instead of answering.
	Reset bool
}

// final reports whether the fault ends the call that it hits.
func (f *Fault) final() bool { return f.Status != 0 || f.Reset }

// Add adds a fault. A call takes one turn of each fault that fits, in the order
// in which they were added, up to the first that ends it.
func (f *Faults) Add(fault Fault) {
	if fault.Times == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, fault)
}

// Throttle answers the next n calls of an operation with ThrottlingException.
// Of this and its siblings: an empty op is every operation, a negative n is
// until Clear.
func (f *Faults) Throttle(op string, n int) {
	f.Add(Fault{Operation: op, Times: n, Status: http.StatusBadRequest, Code: "ThrottlingException", Message: "Rate exceeded"})
}

// Fail answers the next n calls of an operation with an HTTP status: 503 as
// ServiceUnavailableException, other 5xx as InternalFailure, 403 as
// AccessDeniedException, others as InvalidParameterException.
func (f *Faults) Fail(op string, status, n int) {
	fault := Fault{Operation: op, Times: n, Status: status}
	switch {
	case status == http.StatusServiceUnavailable:
		fault.Code, fault.Message = "ServiceUnavailableException", "The service cannot complete the request."
	case status >= 500:
		fault.Code, fault.Message = "InternalFailure", "The service has failed."
	case status == http.StatusForbidden:
		fault.Code, fault.Message = "AccessDeniedException", "The caller is not authorized to perform logs:"+op
	default:
		fault.Code, fault.Message = "InvalidParameterException", "An injected fault."
	}
	f.Add(fault)
}

// Delay makes the next n calls of an operation wait before they are served.
func (f *Faults) Delay(op string, d time.Duration, n int) {
	f.Add(Fault{Operation: op, Times: n, Delay: d})
}

// Reset cuts the connection of the next n calls of an operation after their
// body has been read.
func (f *Faults) Reset(op string, n int) {
	f.Add(Fault{Operation: op, Times: n, Reset: true})
}

// Clear removes all faults. Calls that wait go on waiting.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// List returns the faults that are left, with the times that each is left.
func (f *Faults) List() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.list)
}

// take returns what a call must suffer: how long it waits, and the fault that
// ends it, if any.
func (f *Faults) take(op string) (delay time.Duration, end *Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.list {
		fault := &f.list[i]
		if fault.Operation != "" && fault.Operation != op {
			continue
		}
		if fault.Times > 0 {
			fault.Times--
		}
		delay += fault.Delay
		if fault.final() {
			end = new(*fault)
			break
		}
	}
	f.list = slices.DeleteFunc(f.list, func(f Fault) bool { return f.Times == 0 })
	return delay, end
}

// inject applies the faults to a call. It panics with [http.ErrAbortHandler] to
// cut the connection, as the net/http server wants it.
func (f *Faults) inject(ctx context.Context, op string) *apiError {
	delay, end := f.take(op)
	if delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			panic(http.ErrAbortHandler) // nobody waits for the answer
		}
	}
	switch {
	case end == nil:
		return nil
	case end.Reset:
		panic(http.ErrAbortHandler)
	}
	return refuse(end.Status, end.Code, end.Message)
}
