package delivery_test

import (
	"context"
	"fmt"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// flushEach logs n messages, each with a Flush that is given up at once.
func (st *stage) flushEach(n int) {
	for range n {
		st.log(1)
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		st.Flush(ctx)
		cancel()
		st.check()
	}
}

// puts returns how many requests f makes.
func (st *stage) puts(f func()) int {
	count := func() int {
		st.mu.Lock()
		defer st.mu.Unlock()
		return st.requests[put]
	}
	before := count()
	f()
	synctest.Wait()
	return count() - before
}

// Flush makes batches of a single event. These scenarios show that they don't stay
// so small while nothing can be sent.
var flushing = []scenario{
	{
		name: "flushed one by one in an outage",
		want: sheet{Accepted: 501, Delivered: 501},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Fail("", 503, -1)
			st.flushEach(500)
			st.server.Faults().Clear()
			if n := st.puts(func() { st.within(2 * time.Minute) }); n > 2 {
				st.t.Errorf("%d requests after the outage", n)
			}
			st.ordered()
		},
	},
	{
		name: "flushed one by one in an outage, a poison event among them",
		want: sheet{Accepted: 302, Delivered: 301, Rejected: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Fail("", 503, -1)
			st.flushEach(200)
			st.put(watchtower.Event{Message: "bad"})
			st.flushEach(100)
			st.server.Faults().Clear()
			st.server.Faults().Poison("bad", -1)
			if n := st.puts(func() { st.within(2 * time.Minute) }); n > 25 {
				st.t.Errorf("%d requests after the outage", n)
			}
			st.ordered()
		},
	},
	{
		name: "flushed one by one while a lost answer waits to be asked again", // none joins what may be stored
		want: sheet{Accepted: 102, Delivered: 102, Duplicates: 1},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().LoseAnswer(put, 2)
			st.twice["m1"] = 2
			st.flushEach(101)
			st.within(2 * time.Minute)
		},
	},
	{
		name: "flushed one by one while the window is full",
		want: sheet{Accepted: 101, Delivered: 101},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Delay(put, 20*time.Second, 2)
			if n := st.puts(func() {
				st.flushEach(100)
				st.within(time.Minute)
			}); n > 3 {
				st.t.Errorf("%d requests", n)
			}
			st.ordered()
		},
	},
	{
		name: "flushed one by one, on disk and in memory, in an outage",
		opts: watchtower.Options{SpoolDir: spooled, QueueBytes: small},
		want: sheet{Accepted: 501, Delivered: 501},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Fail("", 503, -1)
			st.flushEach(500)
			if s := st.Stats(); s.Spooled == 0 {
				st.t.Errorf("nothing on disk: %+v", s)
			}
			st.server.Faults().Clear()
			<-time.After(2 * time.Minute)
			st.within(time.Minute)
			st.ordered()
		},
	},
	{
		name: "flushed with what is on disk in one batch", // only the disk excuses from waiting
		opts: watchtower.Options{SpoolDir: spooled},
		want: sheet{Accepted: 1, Recovered: 10, Delivered: 11},
		run: func(st *stage) {
			st.down(func() { st.log(10) }, sheet{Spooled: 10})
			st.server.Faults().Fail("", 503, -1)
			<-time.After(10 * time.Second)
			st.within(time.Second)
			st.log(1)
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			if err := st.Flush(ctx); err == nil {
				st.t.Error("Flush did not wait for what is in memory")
			}
			st.server.Faults().Clear()
		},
	},
	{
		name: "flushed one by one to many streams in an outage",
		opts: watchtower.Options{LogStreamName: "{logger_name}"},
		want: sheet{Accepted: 300, Delivered: 300},
		run: func(st *stage) {
			st.server.Faults().Fail("", 503, -1)
			h := st.Handler
			for i := range 300 {
				st.use(h.Named(fmt.Sprint("s", i%10)))
				st.flushEach(1)
			}
			st.use(h)
			st.server.Faults().Clear()
			if n := st.puts(func() { st.within(2 * time.Minute) }); n > 30 {
				st.t.Errorf("%d requests after the outage", n)
			}
		},
	},
}
