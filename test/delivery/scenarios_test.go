package delivery_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// A scenario is a fault, what the program does meanwhile, and the exact ledger
// at the end.
type scenario struct {
	name string
	opts watchtower.Options
	run  func(st *stage)
	want sheet
	// kinds has how many requests fail, by kind; not looked at if nil. Each kind
	// is told.
	kinds map[string]int
}

const put = "PutLogEvents"

// heals is a scenario in which ten records are logged into a fault that heals.
func heals(name string, fault func(f *cwlocal.Faults), kinds map[string]int) scenario {
	return scenario{
		name: name, kinds: kinds, want: sheet{Accepted: 11, Delivered: 11},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second) // the group and the stream are there
			fault(st.server.Faults())
			st.log(10)
			st.within(10 * time.Minute)
		},
	}
}

// doubtful is a heals in which nobody knows whether ten events were stored, so
// many times that they were.
func doubtful(s scenario, stored int) scenario {
	s.want.Duplicates = 10
	run := s.run
	s.run = func(st *stage) {
		run(st)
		for i := range 10 {
			st.twice[fmt.Sprint("m", 1+i)] = stored
		}
	}
	return s
}

// failing is a network that fails in one way.
func failing(err error) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
}

// answering is an answer with a status and no more.
func answering(r *http.Request, status int) *http.Response {
	return &http.Response{
		StatusCode: status, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")),
	}
}

var transient = []scenario{
	heals("throttle burst", func(f *cwlocal.Faults) { f.Throttle(put, 8) }, map[string]int{"throttled": 8}),
	heals("500s", func(f *cwlocal.Faults) { f.Fail(put, 500, 3) }, map[string]int{"unavailable": 3}),
	heals("503s", func(f *cwlocal.Faults) { f.Fail(put, 503, 4) }, map[string]int{"unavailable": 4}),
	heals("expired credentials", func(f *cwlocal.Faults) { f.ExpireToken(put, 3) }, map[string]int{"expired credentials": 3}),
	heals("access denied", func(f *cwlocal.Faults) { f.DenyAccess(put, 3) }, map[string]int{"denied": 3}),
	heals("clock skew", func(f *cwlocal.Faults) { f.SkewClock(-20*time.Minute, -1) }, nil),
	heals("clock skew forward", func(f *cwlocal.Faults) { f.SkewClock(45*time.Minute, -1) }, nil),
	doubtful(heals("time-out", func(f *cwlocal.Faults) { f.Delay(put, 2*time.Minute, 2) }, map[string]int{"timeout": 2}), 0),
	doubtful(heals("reset after the request", func(f *cwlocal.Faults) { f.Reset(put, 2) }, map[string]int{"connection reset": 2}), 0),
	doubtful(heals("reset before the body", func(f *cwlocal.Faults) {
		if err := f.Add(cwlocal.Fault{Kind: cwlocal.FaultResetEarly, Operation: put, Times: 2}); err != nil {
			panic(err)
		}
	}, map[string]int{"connection reset": 2}), 0),
	doubtful(heals("reset in the body", func(f *cwlocal.Faults) { f.ResetRequest(put, 2) }, map[string]int{"connection reset": 2}), 0),
	doubtful(heals("answer cut in its middle", func(f *cwlocal.Faults) { f.ResetAnswer(put, 1) }, map[string]int{"connection reset": 1}), 1),
	doubtful(heals("answer lost", func(f *cwlocal.Faults) { f.LoseAnswer(put, 1) }, map[string]int{"connection reset": 1}), 1),
	doubtful(heals("answer lost twice", func(f *cwlocal.Faults) { f.LoseAnswer(put, 2) }, map[string]int{"connection reset": 2}), 2),
	{
		name: "Retry-After", want: sheet{Accepted: 6, Delivered: 6}, kinds: map[string]int{"throttled": 1},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultThrottle, Operation: put, Times: 1, RetryAfter: 90 * time.Second}); err != nil {
				st.t.Fatal(err)
			}
			st.log(5)
			start := time.Now()
			st.within(2 * time.Minute)
			if d := time.Since(start); d < 90*time.Second {
				st.t.Errorf("sent again after %v", d)
			}
		},
	},
	{
		name: "access denied for an hour", want: sheet{Accepted: 121, Delivered: 121},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().DenyAccess("", -1)
			for range 120 {
				st.log(1)
				<-time.After(30 * time.Second)
			}
			st.server.Faults().Clear()
			st.within(2 * time.Minute)
		},
	},
	{
		name: "DNS failure", want: sheet{Accepted: 10, Delivered: 10},
		run: func(st *stage) {
			st.network(failing(&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "logs.us-east-1.amazonaws.com", IsNotFound: true}}))
			st.log(10)
			<-time.After(20 * time.Minute)
			st.only("name not found")
			st.network(nil)
			st.within(2 * time.Minute)
		},
	},
	{
		name: "connection refused", want: sheet{Accepted: 10, Delivered: 10},
		run: func(st *stage) {
			st.network(failing(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}))
			st.log(10)
			<-time.After(20 * time.Minute)
			st.only("unreachable")
			st.network(nil)
			st.within(2 * time.Minute)
		},
	},
	{
		name: "missing group with NoCreate", opts: watchtower.Options{NoCreateLogGroup: true},
		want: sheet{Accepted: 5, Delivered: 5},
		run: func(st *stage) {
			st.log(5)
			<-time.After(time.Hour)
			st.only("missing")
			create(st.t, st.server)
			st.within(2 * time.Minute)
		},
	},
	{
		name: "group deleted underneath", want: sheet{Accepted: 20, Delivered: 20}, kinds: map[string]int{},
		run: func(st *stage) {
			st.log(10)
			st.within(time.Second)
			name := group
			if _, err := st.server.Client().DeleteLogGroup(st.t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &name}); err != nil {
				st.t.Fatal(err)
			}
			for i := range 10 {
				st.twice[fmt.Sprint("m", i)] = -1 // deleted with it
			}
			st.log(10)
			st.within(time.Second)
		},
	},
	{
		name: "stream deleted underneath", want: sheet{Accepted: 20, Delivered: 20}, kinds: map[string]int{},
		run: func(st *stage) {
			st.log(10)
			st.within(time.Second)
			name, stream := group, "s"
			if _, err := st.server.Client().DeleteLogStream(st.t.Context(), &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: &name, LogStreamName: &stream}); err != nil {
				st.t.Fatal(err)
			}
			for i := range 10 {
				st.twice[fmt.Sprint("m", i)] = -1
			}
			st.log(10)
			st.within(time.Second)
		},
	},
}

func TestScenarios(t *testing.T) {
	for _, list := range [][]scenario{transient, content, overload, onDisk, toldLater, flushing} {
		for _, c := range list {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, c.play)
			})
		}
	}
}

func (c scenario) play(t *testing.T) {
	if c.opts.SpoolDir == spooled {
		c.opts.SpoolDir = t.TempDir()
	}
	st := newStage(t, c.opts)
	c.run(st)
	synctest.Wait()
	// What tells of losses is written when the service works again.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	st.Flush(ctx)
	<-time.After(3 * time.Second)
	st.Flush(ctx)
	st.check()
	st.stored()
	st.mu.Lock()
	defer st.mu.Unlock()
	if diff := cmp.Diff(c.want, sheetOf(st.Stats())); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if c.kinds != nil {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(c.kinds)), slices.Sorted(maps.Keys(st.kinds))); diff != "" {
			t.Errorf("failures told (-want +got):\n%s", diff)
		}
		failures := int64(0)
		for _, n := range c.kinds {
			failures += int64(n)
		}
		if got := st.Stats().Failures; got != failures {
			t.Errorf("%d requests failed, want %d", got, failures)
		}
	}
}
