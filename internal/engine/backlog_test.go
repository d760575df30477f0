package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/queue"
)

// laden is an owner whose queue is full, with as many requests allowed as may be.
func laden(t *testing.T) *owner {
	t.Helper()
	bound := Queue{Bytes: 16 << 20}
	o := newOwner(&Engine{
		cfg: Config{
			Window: 4, MaxStreams: 10, FlushInterval: time.Second, Queue: bound,
			Limits: Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents},
		},
		queue: queue.New(bound), report: newReporter(func(error) {}, nil), ctx: t.Context(),
	})
	o.window.size = 4
	m := message(strings.Repeat("x", 1000))
	for o.queue.Offer([]cwl.Event{m}, false) == nil {
		m.Time++
	}
	return o
}

// What is made of a full queue is made on top of its memory.
func TestWithABacklogThereAreNoMoreBatchesThanMemoryIsKeptFor(t *testing.T) {
	for _, c := range []struct {
		name           string
		backlog        bool
		window         int
		flying, failed int
		want           int // batches that can be sent
	}{
		{"none", false, 4, 4, 0, 5},
		{"all requests under way", true, 4, 4, 0, 1},
		{"the service fails", true, 1, 0, 1, 4},
		{"it has failed often", true, 1, 0, 9, 1},
		{"it is back", true, 2, 2, 1, 2},
	} {
		o := laden(t)
		o.backlog, o.window.size = c.backlog, c.window
		for range c.flying {
			o.flying[new(send)] = true
		}
		for range c.failed {
			o.waiting = append(o.waiting, &send{batch: new(batch.Batch), stream: new(stream), failed: true})
		}
		o.take(false)
		if n := len(o.waiting) - c.failed; n != c.want {
			t.Errorf("%s: %d batches can be sent, not %d", c.name, n, c.want)
		}
	}
}

func TestABacklogLastsUntilTheServiceHasTakenIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := laden(t)
		o.take(false)
		answered := func(failures int) {
			s := o.waiting[0]
			o.waiting, s.failures = o.waiting[1:], failures
			o.succeeded(result{send: s, answer: deliver.Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: -1}})
		}
		o.backOff(o.waiting[0], deliver.Failure{Kind: deliver.Unavailable})
		for answered(1); o.queue.Filled(); answered(0) {
			if !o.backlog {
				t.Fatalf("no backlog, with %d bytes left", o.queue.Used())
			}
			o.take(true)
		}
		if o.backlog {
			t.Error("there is a backlog, and nothing in the queue")
		}
		o.backOff(o.waiting[0], deliver.Failure{Kind: deliver.Unavailable})
		answered(0) // it was under way when the other failed
		if !o.backlog {
			t.Error("no backlog, while the service fails: the queue will fill")
		}
	})
}
