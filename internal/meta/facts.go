package meta

import (
	"context"
	"fmt"
	"time"
)

const (
	// budget is how long a service is asked in whole.
	budget = 2 * time.Second
	// patience is how long one attempt may take, and pause what lies between
	// two. A machine that has just started may not answer at once.
	patience = 900 * time.Millisecond
	pause    = 100 * time.Millisecond
	attempts = 3
)

// Facts are what one service tells, once it has.
type Facts struct {
	ready  chan struct{}
	values map[string]string // set before ready
	err    error             // set before ready

	address string
	cancel  context.CancelFunc
	waiting int // callers of Ask that have not left; guarded by Place.mu
}

// Ready is closed when the service has told its facts, or its time is up.
func (f *Facts) Ready() <-chan struct{} { return f.ready }

// Value returns a fact, "" while it is not known, or if it never will be.
func (f *Facts) Value(fact string) string {
	select {
	case <-f.ready:
		return f.values[fact]
	default:
		return ""
	}
}

// Err is why the facts are not known, when Ready is closed.
func (f *Facts) Err() error {
	select {
	case <-f.ready:
		return f.err
	default:
		return nil
	}
}

// A service is asked for facts.
type service struct {
	address string // where it is; "" if it is nowhere
	err     error  // why
	ask     func(ctx context.Context, address string) (map[string]string, error)
	remedy  string // what helps when it does not answer
}

// Ask asks the service that has the fact, unless it was asked before. It does
// not wait for the answer.
func (p *Place) Ask(fact string) *Facts {
	s := p.instance()
	if fact == TaskID || fact == Cluster {
		s = p.task()
	}
	if s.err != nil {
		f := &Facts{ready: make(chan struct{}), err: s.err}
		close(f.ready)
		return f
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.asked[s.address]
	if f == nil {
		f = &Facts{ready: make(chan struct{}), address: s.address}
		var ctx context.Context
		ctx, f.cancel = context.WithTimeout(context.Background(), budget)
		if p.asked == nil {
			p.asked = make(map[string]*Facts)
		}
		p.asked[s.address] = f
		go f.find(ctx, s)
	}
	f.waiting++
	return f
}

// Leave tells that the caller of Ask does not wait any more. When none does the
// service is asked no longer; who asks later begins anew.
func (p *Place) Leave(f *Facts) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.waiting--
	select {
	case <-f.ready:
		return
	default:
	}
	if f.waiting == 0 {
		f.cancel()
		delete(p.asked, f.address)
	}
}

// find asks a service until it answers, or its time is up.
func (f *Facts) find(ctx context.Context, s service) {
	defer close(f.ready)
	defer f.cancel()
	for n := 1; ; n++ {
		values, err := attempt(ctx, s)
		if err == nil {
			f.values, f.err = values, nil
			return
		}
		f.err = fmt.Errorf("%w: %s", err, s.remedy)
		if n == attempts || ctx.Err() != nil {
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// attempt asks once.
func attempt(ctx context.Context, s service) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.ask(ctx, s.address)
}
