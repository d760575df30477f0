package cwlocal

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Faults are the faults that a [Server] injects into the requests that it
// admits, so that a client's retries can be tested. It is safe for concurrent
// use.
//
// Add takes any fault. The other methods are short for the usual ones: op is
// an operation, all if empty; n is how many of the next calls are hit, all
// until Clear if negative and none if zero. They panic where Add returns an
// error, such as for an operation that does not exist.
type Faults struct {
	mu   sync.Mutex
	list []*activeFault
}

// An activeFault is a fault with what is left of it. The mutex of its Faults
// guards it.
type activeFault struct {
	Fault
	kind *kindOfFault
	dice *rand.Rand // nil without a probability
	done bool
}

// Add adds faults, all or none. A call takes one turn of each fault that fits,
// in the order in which they were added, up to the first that ends it; those
// that strike before the body is read (FaultResetEarly, FaultResetRequest) come
// first. The error names each field that is wrong, and what it wants.
func (f *Faults) Add(faults ...Fault) error {
	var list []*activeFault
	for _, fault := range faults {
		if err := fault.validate(); err != nil {
			return fmt.Errorf("cwlocal: fault: %w", err)
		}
		a := &activeFault{Fault: fault, kind: fault.kind()}
		if fault.Probability > 0 {
			a.dice = rand.New(rand.NewPCG(fault.Seed, 0))
		}
		list = append(list, a)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, list...)
	return nil
}

// next adds a fault of the next n calls.
func (f *Faults) next(n int, fault Fault) {
	if n == 0 {
		return
	}
	fault.Times = max(n, 0)
	if err := f.Add(fault); err != nil {
		panic(err)
	}
}

// Throttle answers with ThrottlingException.
func (f *Faults) Throttle(op string, n int) { f.next(n, Fault{Kind: FaultThrottle, Operation: op}) }

// Fail answers with an HTTP status: 503 as ServiceUnavailableException, other
// 5xx as InternalFailure, 403 as AccessDeniedException, 429 as
// ThrottlingException, others as InvalidParameterException.
func (f *Faults) Fail(op string, status, n int) {
	f.next(n, Fault{Kind: FaultFail, Operation: op, Status: status})
}

// DenyAccess answers with AccessDeniedException.
func (f *Faults) DenyAccess(op string, n int) {
	f.next(n, Fault{Kind: FaultAccessDenied, Operation: op})
}

// ExpireToken answers with ExpiredTokenException.
func (f *Faults) ExpireToken(op string, n int) {
	f.next(n, Fault{Kind: FaultExpiredToken, Operation: op})
}

// Delay makes calls wait before they are served.
func (f *Faults) Delay(op string, d time.Duration, n int) {
	f.next(n, Fault{Kind: FaultDelay, Operation: op, Delay: d})
}

// Reset resets the connection after the request has been read. Nothing is stored.
func (f *Faults) Reset(op string, n int) { f.next(n, Fault{Kind: FaultReset, Operation: op}) }

// ResetRequest resets the connection in the middle of the request's body.
func (f *Faults) ResetRequest(op string, n int) {
	f.next(n, Fault{Kind: FaultResetRequest, Operation: op})
}

// ResetAnswer carries calls out and cuts the connection in the middle of the answer.
func (f *Faults) ResetAnswer(op string, n int) {
	f.next(n, Fault{Kind: FaultResetAnswer, Operation: op})
}

// LoseAnswer carries calls out and resets the connection instead of answering.
func (f *Faults) LoseAnswer(op string, n int) { f.next(n, Fault{Kind: FaultLoseAnswer, Operation: op}) }

// Reject leaves the first tooOld and the last tooNew events out of puts, and
// reports them.
func (f *Faults) Reject(tooOld, tooNew, n int) {
	f.next(n, Fault{Kind: FaultReject, TooOld: tooOld, TooNew: tooNew})
}

// LimitEvents refuses puts with an event of more than that many bytes, its 26
// bytes of overhead included.
func (f *Faults) LimitEvents(bytes, n int) { f.next(n, Fault{Kind: FaultMaxEvent, Bytes: bytes}) }

// Poison refuses puts with an event that contains text.
func (f *Faults) Poison(text string, n int) { f.next(n, Fault{Kind: FaultPoison, Text: text}) }

// SkewClock puts the server's clock forward by d for calls of all operations.
func (f *Faults) SkewClock(d time.Duration, n int) {
	f.next(n, Fault{Kind: FaultClockSkew, Skew: d})
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
	list := make([]Fault, 0, len(f.list))
	for _, a := range f.list {
		list = append(list, a.Fault)
	}
	return list
}

// any reports whether one of the faults is such.
func (f *Faults) any(such func(*activeFault) bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.list, such)
}

// take returns the faults that hit a call, in order, each with one turn taken.
func (f *Faults) take(call *faultTarget) (hits []Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.list {
		if !call.fits(a) || a.dice != nil && a.dice.Float64() >= a.Probability {
			continue
		}
		hits = append(hits, a.Fault)
		if a.Times > 0 {
			a.Times--
			a.done = a.Times == 0
		}
		if !a.kind.adds {
			break
		}
	}
	f.list = slices.DeleteFunc(f.list, func(a *activeFault) bool { return a.done })
	return hits
}
