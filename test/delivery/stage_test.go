package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// A stage is a handler, its server and a transport between them that can be
// told to fail, inside a bubble. The ledger is checked at each request, at each
// record, and between them by the bubble's clock.
type stage struct {
	t *testing.T
	*watchtower.Handler
	server *watchtowertest.Server
	opts   watchtower.Options
	every  time.Duration // between two looks at a ledger that changes

	// net, if not nil, is asked before each request.
	net func(r *http.Request) (*http.Response, error)

	mu       sync.Mutex
	requests map[string]int // by operation
	kinds    map[string]int // of failures told
	told     []error
	fallen   []string       // what the fallback got
	logged   map[string]int // messages handed in
	// twice are those that may be stored once more than they were logged.
	twice map[string]int
	quit  chan struct{}
	done  chan struct{}
}

// newStage opens a handler for a scenario.
func newStage(t *testing.T, opts watchtower.Options) *stage {
	t.Helper()
	st := &stage{
		t: t, server: watchtowertest.NewServer(t), requests: map[string]int{}, kinds: map[string]int{},
		logged: map[string]int{}, twice: map[string]int{}, every: 97 * time.Millisecond,
	}
	opts.Client = st.server.Client(func(o *cloudwatchlogs.Options) {
		o.HTTPClient = &http.Client{Transport: watched{watchtowertest.Transport(st.server.Handler()), st}}
	})
	if opts.LogStreamName == "" {
		opts.LogStreamName = "s"
	}
	if opts.Fallback == nil {
		opts.Fallback = catcher{st}
	}
	opts.OnError = st.tell
	st.opts = opts
	st.start()
	t.Cleanup(func() {
		st.stop()
		if p := st.Stats().Pending; p != 0 {
			t.Errorf("%d records are pending after Close", p)
		}
	})
	return st
}

// start opens the handler, and the checker beside it.
func (st *stage) start() {
	h, err := watchtower.New(st.t.Context(), group, &st.opts)
	if err != nil {
		st.t.Fatal(err)
	}
	st.use(h)
	st.quit, st.done = make(chan struct{}), make(chan struct{})
	go st.watch(st.every, st.quit, st.done)
}

// seldom is the time between two looks at a ledger that does not change. Most
// of the hours that scenarios wait nothing happens in.
const seldom = 10 * time.Second

// watch checks the ledger until it is told to quit: ever more seldom while there
// is nothing new in it.
func (st *stage) watch(every time.Duration, quit, done chan struct{}) {
	defer close(done)
	before, pause := st.check(), every
	for {
		select {
		case <-quit:
			return
		case <-time.After(pause):
		}
		now := st.check()
		if pause = min(2*pause, max(seldom, every)); now != before {
			pause = every
		}
		before = now
	}
}

// counters are those of the ledger, and those of requests.
type counters [10]int64

// use makes h the handler that the scenario logs with.
func (st *stage) use(h *watchtower.Handler) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.Handler = h
}

// stop closes the handler with no patience, and ends the checker.
func (st *stage) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	st.Close(ctx)
	select {
	case <-st.quit:
	default:
		close(st.quit)
	}
	<-st.done
	st.check()
}

// check fails the test unless the ledger balances and no counter is below zero.
func (st *stage) check() (all counters) {
	st.mu.Lock()
	h := st.Handler
	st.mu.Unlock()
	if h == nil {
		return all // a request of one that is being made
	}
	s := h.Stats()
	balance(st.t, s)
	all = counters{s.Accepted, s.Recovered, s.Delivered, s.Rejected, s.Dropped, s.Spooled, s.Pending, s.Own, s.Sends, s.Failures}
	for _, n := range all {
		if n < 0 {
			st.t.Errorf("a counter is below zero: %+v", s)
			return all
		}
	}
	lost := int64(0)
	for _, n := range s.Reasons {
		lost += n
	}
	if lost != s.Rejected+s.Dropped {
		st.t.Errorf("the reasons add up to %d: %+v", lost, s)
	}
	return all
}

// log hands in n messages, "m0" first at first use.
func (st *stage) log(n int) {
	for range n {
		st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged))})
	}
}

// put hands in one message, which has to be another than those before.
func (st *stage) put(e watchtower.Event) error {
	st.logged[e.Message]++
	err := st.Put(context.Background(), e)
	st.check()
	return err
}

// within flushes, and fails the test if that takes longer.
func (st *stage) within(d time.Duration) {
	st.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	if err := st.Flush(ctx); err != nil {
		st.t.Errorf("Flush within %v: %v; %+v", d, err, st.Stats())
	}
	st.check()
}

func (st *stage) tell(err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.told = append(st.told, err)
	if e, ok := errors.AsType[*watchtower.SendError](err); ok {
		st.kinds[e.Kind]++
	}
}

// only fails the test unless failures of that kind, and no other, were told.
func (st *stage) only(kind string) {
	st.t.Helper()
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.kinds[kind] == 0 || len(st.kinds) != 1 {
		st.t.Errorf("told: %v", st.kinds)
	}
}

// own reports whether a message is one that the handler wrote by itself.
func own(msg string) bool { return strings.Contains(msg, `"msg":"watchtower: `) }

// stored compares what the server has with what was logged and is not lost: the
// fallback got the rest, exactly.
func (st *stage) stored() {
	st.t.Helper()
	want := maps.Clone(st.logged)
	for m, n := range st.twice {
		want[m] += n
	}
	st.mu.Lock()
	for _, m := range st.fallen {
		want[m]--
	}
	st.mu.Unlock()
	got := map[string]int{}
	for _, m := range messages(st.server) {
		if !own(m) {
			got[m]++
		}
	}
	maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
	if !maps.Equal(want, got) {
		diff := cmp.Diff(want, got)
		st.t.Errorf("logged and not lost, but not stored (-), or the other way round (+):\n%.2000s", diff)
	}
}

// watched is the stage's transport.
type watched struct {
	http.RoundTripper
	st *stage
}

func (w watched) RoundTrip(r *http.Request) (*http.Response, error) {
	_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.st.mu.Lock()
	w.st.requests[op]++
	do := w.st.net
	w.st.mu.Unlock()
	w.st.check()
	if do != nil {
		if res, err := do(r); res != nil || err != nil {
			return res, err
		}
	}
	return w.RoundTripper.RoundTrip(r)
}

// network sets what becomes of requests from now on.
func (st *stage) network(do func(*http.Request) (*http.Response, error)) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.net = do
}

// catcher is a fallback that keeps the messages.
type catcher struct{ st *stage }

func (catcher) Enabled(context.Context, slog.Level) bool { return true }
func (c catcher) WithAttrs([]slog.Attr) slog.Handler     { return c }
func (c catcher) WithGroup(string) slog.Handler          { return c }

func (c catcher) Handle(_ context.Context, r slog.Record) error {
	c.st.mu.Lock()
	defer c.st.mu.Unlock()
	c.st.fallen = append(c.st.fallen, r.Message)
	return nil
}

// A sheet is the part of the ledger that a scenario knows exactly.
type sheet struct {
	Accepted, Recovered, Delivered, Rejected, Dropped, Spooled, Pending, Own, Duplicates int64
	Reasons                                                                              map[string]int64
}

func sheetOf(s watchtower.Stats) sheet {
	return sheet{
		s.Accepted, s.Recovered, s.Delivered, s.Rejected, s.Dropped, s.Spooled, s.Pending, s.Own, s.PossibleDuplicates, s.Reasons,
	}
}
