package logconfig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/watchtower-go/watchtower"
)

// Reload reads the file again and puts its configuration in the place of the one
// that runs. No record is lost by it: handlers that have changed are started
// before those that they replace are closed, those that have not live on, and
// the loggers that were given out switch over. A CloudWatch handler that was
// replaced goes on until it has delivered what it has, or Close is called.
//
// A file that is wrong changes nothing; the error tells what is wrong with it. As
// in Python, disable_existing_loggers is true unless the file says otherwise:
// loggers that it does not name any more fall silent.
func (c *Config) Reload() error {
	if c.path == "" {
		return errors.New("logconfig: there is no file to read again: use ReloadFrom")
	}
	f, err := os.Open(c.path)
	if err != nil {
		return fmt.Errorf("logconfig: %w", err)
	}
	defer f.Close()
	data, err := readAll(f)
	if err != nil {
		return err
	}
	return c.apply(c.name, data)
}

// ReloadFrom is Reload with the document that r has.
func (c *Config) ReloadFrom(r io.Reader) error {
	data, err := readAll(r)
	if err != nil {
		return err
	}
	return c.apply("configuration", data)
}

// ErrClosed is the error of reloading a Config that is closed.
var ErrClosed = errors.New("logconfig: the configuration is closed")

// apply starts a document and switches to it.
func (c *Config) apply(name string, data []byte) error {
	c.loading.Lock()
	defer c.loading.Unlock()
	if c.closed {
		return ErrClosed
	}
	p, err := readPlan(name, bytes.Clone(data))
	if err != nil {
		return err
	}
	old := c.tree.Load()
	if p.incremental {
		if p, err = p.onto(old); err != nil {
			return err
		}
	}
	t, err := c.start(p, old)
	if err != nil {
		return err
	}
	if old == nil {
		c.tree.Store(t)
		return nil
	}
	t.disabled = old.disabled
	if !p.incremental {
		c.mu.Lock()
		t.disabled = p.silence(sortedKeys(c.inUse))
		c.mu.Unlock()
	}
	c.tree.Store(t)
	old.retire()
	c.retired.leave(old.idle)
	for _, name := range sortedKeys(old.outputs) {
		if o, now := old.outputs[name], t.outputs[name]; !o.livesOnAs(now) {
			c.retired.add(o, c.tell)
		}
	}
	return nil
}

// onto changes the levels and the propagation of a plan that runs: that is all
// that an incremental document does.
func (p *plan) onto(old *tree) (*plan, error) {
	r := &reader{name: p.name, lines: p.lines}
	if old == nil {
		r.wrong(p.incrementalAt, "incremental", "there is no configuration yet that it could change: leave it out")
		return nil, r.err()
	}
	next := &plan{name: p.name, lines: p.lines, incremental: true, handlers: map[string]*handlerSpec{}, loggers: map[string]*loggerSpec{}}
	for name, h := range old.plan.handlers {
		next.handlers[name] = new(*h)
	}
	for name, h := range p.handlers {
		now := next.handlers[name]
		if now == nil {
			r.wrong(h.at, "handlers."+name, "%s", unknown("handler", name, sortedKeys(old.plan.handlers)))
		} else if h.hasLevel {
			now.level = h.level
		}
	}
	for name, l := range old.plan.loggers {
		next.loggers[name] = new(*l)
	}
	for name, l := range p.loggers {
		now := next.loggers[name]
		if now == nil {
			now = newLoggerSpec(name)
			next.loggers[name] = now
		}
		if l.givesLevel {
			now.level, now.hasLevel = l.level, l.hasLevel
		}
		if l.givesPropagate {
			now.propagate = l.propagate
		}
	}
	return next, r.err()
}

// retired are the outputs that reloads have replaced and that are not closed
// yet.
type retired struct {
	ctx    context.Context // of their Close; ends with that of Config.Close
	giveUp context.CancelFunc

	mu   sync.Mutex
	left []*leaving
	// busy are the trees that were replaced and that calls are still under way in,
	// by their idle. What lives on from tree to tree may be in use in any of them.
	busy []<-chan struct{}
}

// leave takes on a tree that was replaced.
func (r *retired) leave(idle <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy = slices.DeleteFunc(r.busy, func(i <-chan struct{}) bool {
		select {
		case <-i:
			return true
		default:
			return false
		}
	})
	r.busy = append(r.busy, idle)
}

// A leaving is an output that is being closed.
type leaving struct {
	out  *output
	done chan struct{}
	err  error
}

// flush has a CloudWatch handler deliver what it has while ctx lasts. Its Close,
// which has all the time there is, may be at a pause between two attempts; those
// who wait for it now may not be there any more when that is over.
func (l *leaving) flush(ctx context.Context) error {
	if l.out.cloud == nil {
		return nil
	}
	return named(l.out.spec.name, l.out.cloud.Flush(ctx))
}

// add closes an output once all have left the trees that were replaced.
func (r *retired) add(o *output, tell func(error)) {
	l := &leaving{out: o, done: make(chan struct{})}
	r.mu.Lock()
	r.left = append(r.left, l)
	busy := slices.Clone(r.busy)
	r.mu.Unlock()
	go func() {
		defer close(l.done)
		for _, idle := range busy {
			select {
			case <-idle:
			case <-r.ctx.Done():
			}
		}
		var err error
		if o.cloud != nil {
			err = o.cloud.Close(r.ctx)
		}
		if err = named(o.spec.name, errors.Join(err, o.closeWithin(r.ctx))); err != nil && r.ctx.Err() == nil {
			if _, told := errors.AsType[*watchtower.CloseError](err); !told {
				tell(err) // the losses in a CloseError were told one by one
			}
		}
		l.err = err
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ctx.Err() == nil {
			r.left = slices.DeleteFunc(r.left, func(x *leaving) bool { return x == l })
		}
	}()
}

// now are those that are not closed yet.
func (r *retired) now() []*leaving {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.left)
}

// flush flushes all, at the same time.
func (r *retired) flush(ctx context.Context) error { return flushAll(ctx, r.now()) }

func flushAll(ctx context.Context, left []*leaving) error {
	errs := make([]error, len(left))
	var all sync.WaitGroup
	for i, l := range left {
		all.Go(func() { errs[i] = l.flush(ctx) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// end flushes all, and then has them give up what they could not deliver.
func (r *retired) end(ctx context.Context) error {
	stop := context.AfterFunc(ctx, r.giveUp)
	defer stop()
	left := r.now()
	_ = flushAll(ctx, left) // what is left is in the error of their Close
	var errs []error
	for _, l := range left {
		<-l.done
		errs = append(errs, l.err)
	}
	r.giveUp()
	return errors.Join(errs...)
}
