package queue

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// event returns an event that costs n bytes of a queue.
func event(n int) []cwl.Event {
	return []cwl.Event{{Stream: "s", Fragment: make([]byte, n-EventCost)}}
}

// put puts one event and forgets what had to make room.
func put(q *Queue, e []cwl.Event) error {
	_, err := q.Put(context.Background(), e, false)
	return err
}

// drain takes everything, and returns the number of events and their cost.
func drain(q *Queue) (events, cost int) {
	t := q.Take(true, math.MaxInt)
	t.Each(func(e *cwl.Event, _ time.Time) {
		events++
		cost += Cost(e)
	})
	t.Recycle(q)
	return events, cost
}

func TestBoundHoldsUntilRelease(t *testing.T) {
	q := New(Config{Bytes: 1000})
	for range 2 {
		if err := put(q, event(500)); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(q, event(200)); err != ErrFull {
		t.Errorf("a full queue took an event: %v", err)
	}
	n, cost := drain(q)
	if n != 2 || cost != 1000 || q.Used() != 1000 {
		t.Errorf("took %d events of %d bytes, used %d", n, cost, q.Used())
	}
	if err := put(q, event(200)); err != ErrFull {
		t.Errorf("taking gave room back: %v", err)
	}
	q.Release(cost)
	if err := put(q, event(1000)); err != nil {
		t.Errorf("no room after Release: %v", err)
	}
	if err := put(q, event(1001)); err != ErrFull {
		t.Errorf("an event larger than the queue: %v", err)
	}
}

func TestWhoWaitsIsCharged(t *testing.T) {
	for _, policy := range []Policy{DropNewest, DropOldest} {
		q := New(Config{Bytes: 1000, Policy: policy})
		waited := event(300)
		waited[0].Parts = &cwl.Parts{Left: 1, Done: make(chan struct{})}
		own := event(200)
		own[0].Parts = cwl.Own
		for _, e := range [][]cwl.Event{waited, own} {
			if err := put(q, e); err != nil {
				t.Fatal(err)
			}
		}
		if q.Used() != 300+WaitCost+200 {
			t.Errorf("used %d, want %d", q.Used(), 300+WaitCost+200)
		}
		evicted, err := q.Put(t.Context(), event(600), false)
		left := 0
		for _, c := range evicted {
			left += c.Cost()
		}
		if want := map[Policy]int{DropNewest: 0, DropOldest: 300 + WaitCost + 200}[policy]; left != want || (err == nil) != (policy == DropOldest) {
			t.Errorf("policy %d: %d evicted, want %d: %v", policy, left, want, err)
		}
		taken := q.Take(true, math.MaxInt)
		cost := 0
		taken.Each(func(e *cwl.Event, _ time.Time) { cost += Cost(e) })
		if q.Release(cost); q.Used() != 0 {
			t.Errorf("policy %d: %d used at the end", policy, q.Used())
		}
	}
}

func TestPutIsAllOrNone(t *testing.T) {
	q := New(Config{Bytes: 1000})
	two := append(event(600), event(600)...)
	if err := put(q, two); err != ErrFull {
		t.Fatal(err)
	}
	if n, _ := drain(q); n != 0 || q.Used() != 0 {
		t.Errorf("half a record went in: %d events, %d bytes", n, q.Used())
	}
}

func TestEventsComeOutInOrderWithTheirBytes(t *testing.T) {
	q := New(Config{Bytes: 64 << 20})
	fragment := make([]byte, 0, 100)
	for i := range 5000 {
		fragment = fmt.Appendf(fragment[:0], "event %d", i)
		if i%1000 == 999 {
			fragment = append(fragment, make([]byte, 2*MaxChunkBytes)...) // larger than a chunk
		}
		if err := put(q, []cwl.Event{{Time: int64(i), Fragment: fragment}}); err != nil {
			t.Fatal(err)
		}
	}
	i := 0
	taken := q.Take(true, math.MaxInt)
	taken.Each(func(e *cwl.Event, _ time.Time) {
		want := fmt.Sprintf("event %d", i)
		if e.Time != int64(i) || string(e.Fragment[:len(want)]) != want {
			t.Fatalf("event %d is %d %.20q", i, e.Time, e.Fragment)
		}
		i++
	})
	if i != 5000 {
		t.Errorf("%d events of 5000", i)
	}
}

func TestBlockWaitsInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Config{Bytes: 1000, Policy: Block})
		if err := put(q, event(1000)); err != nil {
			t.Fatal(err)
		}
		var order []int
		var mu sync.Mutex
		for i := range 5 {
			go func() {
				if err := put(q, event(400)); err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
			}()
			synctest.Wait()
		}
		if len(order) != 0 {
			t.Fatalf("%d puts did not wait", len(order))
		}
		q.Release(1000)
		synctest.Wait()
		if fmt.Sprint(order) != "[0 1]" && fmt.Sprint(order) != "[1 0]" {
			t.Fatalf("room for two let in %v", order)
		}
		for range 3 {
			q.Release(400)
			synctest.Wait()
		}
		if len(order) != 5 || order[2] != 2 || order[3] != 3 || order[4] != 4 {
			t.Errorf("order %v", order)
		}
	})
}

func TestBlockEndsAtTimeoutContextAndClose(t *testing.T) {
	cause := errors.New("enough")
	for _, c := range []struct {
		name    string
		timeout time.Duration
		end     func(q *Queue, cancel context.CancelCauseFunc)
		want    error
		after   time.Duration
	}{
		{"time-out", time.Minute, func(*Queue, context.CancelCauseFunc) {}, ErrFull, time.Minute},
		{"context", 0, func(_ *Queue, cancel context.CancelCauseFunc) { cancel(cause) }, cause, time.Second},
		{"close", 0, func(q *Queue, _ context.CancelCauseFunc) { q.Close() }, ErrClosed, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := New(Config{Bytes: 1000, Policy: Block, BlockTimeout: c.timeout})
				ctx, cancel := context.WithCancelCause(context.Background())
				defer cancel(nil)
				if err := put(q, event(900)); err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(time.Second, func() { c.end(q, cancel) })
				start := time.Now()
				if _, err := q.Put(ctx, event(200), false); err != c.want {
					t.Errorf("Put ended with %v, want %v", err, c.want)
				}
				if d := time.Since(start); d != c.after {
					t.Errorf("Put waited %v, want %v", d, c.after)
				}
				if q.Used() != 900 {
					t.Errorf("used %d, want 900", q.Used())
				}
			})
		})
	}
}

func TestWhoGivesUpLetsTheNextIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Config{Bytes: 1000, Policy: Block})
		put(q, event(700))
		ctx, cancel := context.WithCancel(context.Background())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { _, err := q.Put(ctx, event(900), false); first <- err }()
		synctest.Wait()
		go func() { second <- put(q, event(300)) }()
		synctest.Wait()
		if len(second) != 0 {
			t.Fatal("the second overtook the first")
		}
		cancel()
		if err := <-first; err != context.Canceled {
			t.Error(err)
		}
		if err := <-second; err != nil {
			t.Error(err)
		}
	})
}

func TestOwnerIsWokenOnlyWhenThereIsReason(t *testing.T) {
	q := New(Config{Bytes: 1 << 20})
	woken := func() bool {
		select {
		case <-q.Wake():
			return true
		default:
			return false
		}
	}
	put(q, event(200))
	if !woken() {
		t.Error("the first event did not wake an idle owner")
	}
	put(q, event(200))
	if woken() {
		t.Error("an event woke an owner that has a timer")
	}
	q.Put(t.Context(), event(200), true)
	if !woken() {
		t.Error("an urgent event did not wake the owner")
	}
	if !q.Take(false, 1).Urgent {
		t.Error("the owner was not told that it is urgent")
	}
	put(q, event(MaxChunkBytes/2))
	put(q, event(1000))
	if !woken() {
		t.Error("a filled chunk did not wake the owner")
	}
	if q.Idle() {
		t.Error("a queue with events said that it is idle")
	}
	drain(q)
	if !q.Idle() {
		t.Error("an empty queue said that it is not idle")
	}
	put(q, event(200))
	if !woken() {
		t.Error("an event did not wake the owner after Idle")
	}
}

func TestManyPutsAndReleasesKeepTheBound(t *testing.T) {
	q := New(Config{Bytes: 10_000, Policy: Block})
	var puts sync.WaitGroup
	for range 8 {
		puts.Go(func() {
			for i := range 2000 {
				if err := put(q, event(200+i%300)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { puts.Wait(); close(done) }()
	events := 0
	for open := true; open; {
		select {
		case <-q.Wake():
		case <-done:
			open = false
		}
		if used := q.Used(); used > 10_000 || used < 0 {
			t.Fatalf("used %d of 10,000", used)
		}
		n, cost := drain(q)
		events += n
		q.Release(cost)
	}
	if events != 16_000 || q.Used() != 0 {
		t.Errorf("%d events of 16,000, %d bytes still used", events, q.Used())
	}
}

func TestRoomGrantedToWhoIsTurnedAwayIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 100 { // whether the waiter runs before Close is a matter of chance
			q := New(Config{Bytes: 1000, Policy: Block})
			put(q, event(800))
			var waiter sync.WaitGroup
			var err error
			waiter.Go(func() { err = put(q, event(500)) })
			synctest.Wait()
			q.Release(500) // grants it
			q.Close()
			waiter.Wait()
			if want := map[bool]int{true: 800, false: 300}[err == nil]; q.Used() != want {
				t.Fatalf("%v, used %d, want %d", err, q.Used(), want)
			}
		}
	})
}
