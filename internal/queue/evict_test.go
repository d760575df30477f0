package queue

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// numbered returns an event of a level with a number, that costs n bytes.
func numbered(i int, level slog.Level, n int) []cwl.Event {
	return []cwl.Event{{Time: int64(i), Level: level, Fragment: make([]byte, n-EventCost)}}
}

// contents are the numbers of the events in the queue, in order.
func contents(q *Queue) []int {
	var all []int
	t := q.Take(true, math.MaxInt)
	t.Each(func(e *cwl.Event, _ time.Time) { all = append(all, int(e.Time)) })
	t.Recycle(q)
	return all
}

func TestDropOldestKeepsTheNewest(t *testing.T) {
	q := New(Config{Bytes: 200_000, Policy: DropOldest})
	lost := 0
	for i := range 2000 {
		evicted, err := q.Put(t.Context(), numbered(i, slog.LevelInfo, 500), false)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range evicted {
			if int(c.Events[0].Time) != lost {
				t.Fatalf("event %d went when %d was the oldest", c.Events[0].Time, lost)
			}
			lost += len(c.Events)
			q.Recycle(c)
		}
		if q.Used() > 200_000 {
			t.Fatalf("used %d of 200,000", q.Used())
		}
	}
	left := contents(q)
	if len(left)+lost != 2000 || left[0] != lost || left[len(left)-1] != 1999 {
		t.Errorf("%d lost, left %d from %d to %d", lost, len(left), left[0], left[len(left)-1])
	}
	if len(left) < 350 { // of 400 that fit
		t.Errorf("only %d events are left", len(left))
	}
}

func TestDropLowestLevelKeepsTheGravest(t *testing.T) {
	q := New(Config{Bytes: 200_000, Policy: DropLowestLevel})
	levels := []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}
	rng := rand.New(rand.NewPCG(5, 6))
	in, lost := map[slog.Level]int{}, map[slog.Level]int{}
	for i := range 2000 {
		// Half are Debug, and Error alone would fit.
		level := levels[min(rng.IntN(8)/2, 3)]
		if rng.IntN(2) == 0 {
			level = slog.LevelDebug
		}
		in[level]++
		evicted, err := q.Put(t.Context(), numbered(i, level, 500), false)
		for _, c := range evicted {
			for _, e := range c.Events {
				if e.Level >= level {
					t.Fatalf("%v made room for %v", e.Level, level)
				}
				lost[e.Level]++
			}
			q.Recycle(c)
		}
		if err == ErrFull {
			lost[level]++
		}
	}
	if lost[slog.LevelError] != 0 || lost[slog.LevelWarn] == 0 || lost[slog.LevelDebug] < in[slog.LevelDebug]-10 {
		t.Errorf("of %v were lost %v", in, lost)
	}
	left := contents(q)
	for i := 1; i < len(left); i++ {
		if left[i] <= left[i-1] {
			t.Fatalf("event %d comes after %d", left[i], left[i-1])
		}
	}
	if want := 2000 - lost[slog.LevelDebug] - lost[slog.LevelInfo] - lost[slog.LevelWarn]; len(left) != want {
		t.Errorf("%d events are left, want %d", len(left), want)
	}
}

func TestReserveIsForErrors(t *testing.T) {
	for _, policy := range []Policy{DropNewest, Block} {
		t.Run(fmt.Sprint(policy), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := New(Config{Bytes: 10_000, Reserve: 1000, Policy: policy, BlockTimeout: time.Second})
				for range 9 {
					if err := put(q, numbered(0, slog.LevelWarn, 1000)); err != nil {
						t.Fatal(err)
					}
				}
				waiting := make(chan error, 1)
				go func() { waiting <- put(q, numbered(0, slog.LevelWarn, 1000)) }()
				synctest.Wait()
				if err := put(q, numbered(0, slog.LevelError, 1000)); err != nil {
					t.Errorf("the reserve did not take an error: %v", err)
				}
				if err := <-waiting; err != ErrFull {
					t.Errorf("a warning got into the reserve: %v", err)
				}
			})
		})
	}
}

func TestTakeLeavesWhatCanMakeRoom(t *testing.T) {
	q := New(Config{Bytes: 1 << 20, Policy: DropOldest})
	for i := range 1000 {
		q.Put(context.Background(), numbered(i, slog.LevelInfo, 500), false)
	}
	taken := q.Take(true, 100_000)
	n := 0
	taken.Each(func(*cwl.Event, time.Time) { n++ })
	if n < 200 || n > 300 {
		t.Errorf("took %d events of 500 bytes, 100,000 bytes were asked for", n)
	}
	if left := q.Left(); left != uint64(n+1) {
		t.Errorf("the oldest left is %d, want %d", left, n+1)
	}
	if rest := contents(q); len(rest) != 1000-n || rest[0] != n {
		t.Errorf("%d events are left", len(rest))
	}
	if q.Left() != q.Last()+1 {
		t.Errorf("an empty queue: left %d, last %d", q.Left(), q.Last())
	}
}

func TestARecordIsGivenUpWhole(t *testing.T) {
	for _, policy := range []Policy{DropOldest, DropLowestLevel} {
		q := New(Config{Bytes: 64 << 10, Policy: policy})
		left := map[int]int{} // parts by record
		for i := range 200 {
			var record []cwl.Event
			for range 3 {
				record = append(record, numbered(i, slog.Level(4*(i/150)), 1500)...)
			}
			evicted, err := q.Put(t.Context(), record, false)
			if err == nil {
				left[i] = 3
			} else if len(evicted) > 0 {
				t.Fatalf("%v, although room was made", err)
			}
			for _, c := range evicted {
				gone := map[int]int{}
				for _, e := range c.Events {
					gone[int(e.Time)]++
				}
				for record, parts := range gone {
					if parts != 3 {
						t.Fatalf("%d of three parts of record %d were given up", parts, record)
					}
					delete(left, record)
				}
				q.Recycle(c)
			}
		}
		if got := len(contents(q)); got != 3*len(left) {
			t.Errorf("%d events are left of %d records", got, len(left))
		}
	}
}

func TestNothingIsGivenUpInVain(t *testing.T) {
	for _, policy := range []Policy{DropOldest, DropLowestLevel} {
		q := New(Config{Bytes: 64 << 10, Policy: policy})
		for i := range 20 {
			put(q, numbered(i, slog.LevelInfo, 1500))
		}
		taken := q.Take(true, math.MaxInt) // cannot make room any more
		for i := range 10 {
			put(q, numbered(20+i, slog.LevelInfo, 1500))
		}
		evicted, err := q.Put(t.Context(), numbered(30, slog.LevelError, 40_000), false)
		if err != ErrFull || len(evicted) != 0 {
			t.Errorf("%v, and %d chunks made room", err, len(evicted))
		}
		taken.Recycle(q)
		if got := len(contents(q)); got != 10 {
			t.Errorf("%d events are left, want 10", got)
		}
	}
}

func TestTheLowestLevelGoesFirstAlsoFromTheOpenEra(t *testing.T) {
	q := New(Config{Bytes: 64 << 10, Policy: DropLowestLevel})
	for i := range 41 {
		put(q, numbered(i, slog.LevelWarn, 1500)) // closed eras and a piece of an open one
	}
	put(q, numbered(41, slog.LevelInfo, 1500))
	evicted, err := q.Put(t.Context(), numbered(42, slog.LevelError, 3500), false)
	if err != nil || len(evicted) != 1 || evicted[0].Events[0].Level != slog.LevelInfo {
		t.Fatalf("%v, %d chunks made room", err, len(evicted))
	}
	q.Recycle(evicted[0])
	if got := len(contents(q)); got != 42 {
		t.Errorf("%d events are left, want 42", got)
	}
}
