package deliver

import (
	"context"
	"sync"
	"time"
)

// flightTime bounds one creation, with all its retries: nobody else's context
// does once the caller that asked for it has gone.
const flightTime = time.Minute

// A maker makes one thing (the group, a stream) when it is missing, once for
// all the goroutines that miss it. Its zero value is ready.
type maker struct {
	mu   sync.Mutex
	made int     // how often it was made
	now  *flight // the making under way, nil if there is none
}

// A flight is one making that callers wait for. It runs in a goroutine of its
// own, which ends with the making or when the last caller gives up.
type flight struct {
	done    chan struct{}
	err     error // valid once done is closed
	cancel  context.CancelFunc
	waiting int // guarded by maker.mu
}

// seen returns a mark of what has been made so far. Read it before looking
// whether the thing is there.
func (m *maker) seen() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.made
}

// do makes the thing, or waits for the making under way. It returns at once if
// the thing was made since the caller looked (seen): then it is not missing
// any more. The end of a caller's ctx is that caller's alone.
func (m *maker) do(ctx context.Context, seen int, create func(context.Context) error) error {
	m.mu.Lock()
	if m.made != seen {
		m.mu.Unlock()
		return nil
	}
	f := m.now
	if f == nil {
		f = m.start(ctx, create)
	}
	f.waiting++
	m.mu.Unlock()

	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		m.abandon(f)
		return ctx.Err()
	}
}

// start begins a making, with the values of ctx but not its end.
func (m *maker) start(ctx context.Context, create func(context.Context) error) *flight {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flightTime)
	f := &flight{done: make(chan struct{}), cancel: cancel}
	m.now = f
	go func() {
		defer cancel()
		err := create(ctx)
		m.mu.Lock()
		if err == nil {
			m.made++
		}
		if m.now == f {
			m.now = nil
		}
		m.mu.Unlock()
		f.err = err
		close(f.done)
	}()
	return f
}

// abandon takes one caller off f. The last one ends it and waits for that, so
// that no goroutine is left behind by a sender that is told to stop.
func (m *maker) abandon(f *flight) {
	m.mu.Lock()
	f.waiting--
	last := f.waiting == 0
	if last && m.now == f {
		m.now = nil // who comes now starts anew
	}
	m.mu.Unlock()
	if last {
		f.cancel()
		<-f.done
	}
}

// A stream is the state of a log stream that has puts under way. It outlives
// each of them but not all, so that names that are not used any more cost
// nothing.
type stream struct {
	maker
	puts int // guarded by Sender.mu
}

func (s *Sender) enter(name string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[name]
	if st == nil {
		st = new(stream)
		s.streams[name] = st
	}
	st.puts++
	return st
}

func (s *Sender) leave(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[name]
	if st.puts--; st.puts == 0 {
		delete(s.streams, name)
	}
}
