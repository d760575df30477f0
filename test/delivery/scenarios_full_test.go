package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// flood logs n messages of some 1,000 bytes into an outage, each when all is
// quiet, so that what is lost is the same each time. With the 160 bytes that an
// event is charged, and the 45 around its message, 64 KiB hold 55.
func (st *stage) flood(n int, level slog.Level) {
	for range n {
		msg := fmt.Sprintf("%s m%04d %s", level, len(st.logged), strings.Repeat("x", 980))
		st.put(watchtower.Event{Message: msg, Level: level})
		synctest.Wait()
	}
}

// outage runs f while every request fails, and for as long again.
func (st *stage) outage(f func()) {
	st.log(1)
	st.within(time.Second)
	st.server.Faults().Fail("", 503, -1)
	f()
	<-time.After(10 * time.Minute)
	st.server.Faults().Clear()
	st.within(2 * time.Minute)
	synctest.Wait()
}

// lost are the numbers of the messages that the fallback got.
func (st *stage) lost() (numbers []int) {
	for _, m := range st.fallen {
		_, m, _ = strings.Cut(m, " m")
		var n int
		fmt.Sscanf(m, "%d", &n)
		numbers = append(numbers, n)
	}
	return numbers
}

const small = 64 << 10

var overload = []scenario{
	{
		name: "DropNewest in an outage",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1},
		want: sheet{Accepted: 101, Delivered: 56, Dropped: 45, Own: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 45}},
		run: func(st *stage) {
			st.outage(func() { st.flood(100, slog.LevelInfo) })
			if lost := st.lost(); lost[0] != 56 || lost[len(lost)-1] != 100 {
				st.t.Errorf("lost %v", lost)
			}
		},
	},
	{
		name: "DropOldest in an outage",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, WhenFull: watchtower.DropOldest},
		want: sheet{Accepted: 101, Delivered: 56, Dropped: 45, Own: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 45}},
		run: func(st *stage) {
			st.outage(func() { st.flood(100, slog.LevelInfo) })
			lost := st.lost() // the oldest of those that were in no batch
			if first, last := lost[0], lost[len(lost)-1]; last-first != len(lost)-1 || last == 100 {
				st.t.Errorf("lost %v", lost)
			}
		},
	},
	{
		name: "DropLowestLevel in an outage",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, WhenFull: watchtower.DropLowestLevel, Level: slog.LevelDebug},
		want: sheet{Accepted: 81, Delivered: 55, Dropped: 26, Own: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 26}},
		run: func(st *stage) {
			st.outage(func() {
				for range 10 {
					st.flood(2, slog.LevelDebug)
					st.flood(2, slog.LevelInfo)
					st.flood(2, slog.LevelWarn)
					st.flood(2, slog.LevelError)
				}
			})
			levels := map[string]int{}
			for _, m := range st.fallen {
				levels[m[:4]]++
			}
			// Those that are in batches already cannot make room.
			if levels["ERRO"] > 0 || levels["WARN"] > 2 || levels["DEBU"] < 10 {
				st.t.Errorf("lost by level: %v", levels)
			}
		},
	},
	{
		name: "Block in an outage",
		opts: watchtower.Options{QueueBytes: small, WhenFull: watchtower.Block},
		want: sheet{Accepted: 201, Delivered: 201},
		run: func(st *stage) {
			var wg sync.WaitGroup
			defer wg.Wait()
			st.outage(func() {
				wg.Go(func() {
					for i := range 200 {
						msg := fmt.Sprint("b", i, strings.Repeat("x", 980))
						st.mu.Lock()
						st.logged[msg]++
						st.mu.Unlock()
						if err := st.Put(st.t.Context(), watchtower.Event{Message: msg}); err != nil {
							st.t.Error(err)
						}
					}
				})
			})
			wg.Wait()
			st.within(time.Minute)
		},
	},
	{
		name: "Block with a time-out in an outage",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, WhenFull: watchtower.Block, BlockTimeout: 3 * time.Second},
		want: sheet{Accepted: 61, Delivered: 56, Dropped: 5, Own: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 5}},
		run: func(st *stage) {
			st.outage(func() {
				start := time.Now()
				st.flood(60, slog.LevelInfo)
				if d := time.Since(start); d != 5*3*time.Second {
					st.t.Errorf("five records waited %v together", d)
				}
			})
		},
	},
	{
		name: "a reserve for errors",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: small / 2},
		want: sheet{Accepted: 101, Delivered: 28 + 20, Dropped: 53, Own: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 53}},
		run: func(st *stage) {
			st.outage(func() {
				st.flood(80, slog.LevelInfo)
				st.flood(20, slog.LevelError)
			})
			for _, m := range st.fallen {
				if !strings.HasPrefix(m, "INFO") {
					st.t.Errorf("lost: %.20s", m)
				}
			}
		},
	},
	{
		name: "a large reserve, and the others' part full",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: small / 2, FlushInterval: time.Hour},
		want: sheet{Accepted: 100, Delivered: 100},
		run:  func(st *stage) { st.flood(100, slog.LevelInfo) }, // batches leave early
	},
	{
		name: "a record after the first loss",
		want: sheet{Accepted: 2, Delivered: 1, Dropped: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonOversize: 1}},
		opts: watchtower.Options{MaxEventBytes: 1 << 10, Oversize: watchtower.Drop},
		run: func(st *stage) {
			st.put(watchtower.Event{Message: strings.Repeat("x", 2<<10)})
			st.log(1)
			<-time.After(6 * time.Second)
			if s := st.Stats(); s.Delivered != 1 {
				st.t.Errorf("not delivered after the interval: %+v", s)
			}
		},
	},
	{
		name: "the gap record",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, LogStreamName: "{logger_name}"},
		want: sheet{Accepted: 101, Delivered: 56, Dropped: 45, Own: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 45}},
		run: func(st *stage) {
			var first, last time.Time
			st.outage(func() {
				st.flood(54, slog.LevelInfo)
				<-time.After(time.Minute)
				first = time.Now()
				st.flood(40, slog.LevelInfo)
				<-time.After(time.Minute)
				st.flood(6, slog.LevelError)
				last = time.Now()
			})
			<-time.After(3 * time.Second)
			st.within(time.Second)
			st.gapIs(gapRecord{
				Level: "WARN", Msg: "watchtower: 45 log events were lost here", Lost: 45,
				Levels:  map[string]int64{"INFO": 39, "ERROR": 6},
				Reasons: map[string]int64{watchtower.ReasonQueueFull: 45},
				From:    first.UTC(), To: last.UTC(),
			}, "root")
		},
	},
	{
		name: "the fallback as lines", // and none is called under a lock
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, NoGapRecords: true, WhenFull: watchtower.DropOldest},
		want: sheet{Accepted: 101, Delivered: 56, Dropped: 45, Reasons: map[string]int64{watchtower.ReasonQueueFull: 45}},
		run: func(st *stage) {
			var lines strings.Builder
			st.stop()
			st.opts.Fallback = watchtower.WriteTo(lockFree{&lines, st})
			st.start()
			st.outage(func() { st.flood(100, slog.LevelInfo) })
			st.fallen = strings.Split(strings.TrimSuffix(lines.String(), "\n"), "\n")
		},
	},
	{
		name: "a fallback that panics",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, NoGapRecords: true, Fallback: panicky{}},
		want: sheet{Accepted: 62, Delivered: 56, Dropped: 5, Rejected: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 5, watchtower.ReasonInvalid: 1}},
		run: func(st *stage) {
			st.outage(func() { st.flood(60, slog.LevelInfo) })
			st.server.Faults().Poison("bad", -1)
			st.put(watchtower.Event{Message: "bad"})
			st.within(time.Minute)
			st.logged = map[string]int{}
			for _, m := range messages(st.server) {
				st.logged[m]++
			}
		},
	},
	{
		name: "a record longer than the queue",
		opts: watchtower.Options{QueueBytes: small, WhenFull: watchtower.DropOldest, NoGapRecords: true},
		want: sheet{Accepted: 22, Delivered: 21, Dropped: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 1}},
		run: func(st *stage) {
			st.outage(func() {
				st.flood(20, slog.LevelInfo)
				err := st.put(watchtower.Event{Message: strings.Repeat("x", small)})
				if d, ok := errors.AsType[*watchtower.DropError](err); !ok || d.Reason != watchtower.ReasonQueueFull {
					st.t.Errorf("Put: %v", err)
				}
			})
		},
	},
	{
		name: "no older record makes room in vain",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, WhenFull: watchtower.DropOldest, NoGapRecords: true},
		want: sheet{Accepted: 52, Delivered: 51, Dropped: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 1}},
		run: func(st *stage) {
			st.outage(func() {
				st.flood(50, slog.LevelInfo)                                      // half of it in batches …
				st.put(watchtower.Event{Message: strings.Repeat("x", small*3/4)}) // … so that this can never fit
			})
		},
	},
	{
		name: "losses of several streams at once",
		opts: watchtower.Options{QueueBytes: small, ErrorReserve: -1, WhenFull: watchtower.DropOldest, LogStreamName: "{logger_name}"},
		want: sheet{Accepted: 101, Delivered: 56, Dropped: 45, Own: 2, Reasons: map[string]int64{watchtower.ReasonQueueFull: 45}},
		run: func(st *stage) {
			h := st.Handler
			a, b := h.Named("a"), h.Named("b")
			st.outage(func() {
				for range 50 {
					st.use(a)
					st.flood(1, slog.LevelInfo)
					st.use(b)
					st.flood(1, slog.LevelInfo)
				}
			})
			st.use(h)
			s := st.Stats()
			if a, b := s.Streams["a"].Lost, s.Streams["b"].Lost; a+b != 45 || a < 22 || b < 22 {
				st.t.Errorf("of stream a %d are lost, of b %d", a, b)
			}
		},
	},
	{
		name: "Close in an outage",
		opts: watchtower.Options{},
		want: sheet{Accepted: 11, Delivered: 1, Dropped: 10, Reasons: map[string]int64{watchtower.ReasonClosed: 10}},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Fail("", 503, -1)
			st.log(10)
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			err := st.Close(ctx)
			if left, ok := errors.AsType[*watchtower.CloseError](err); !ok || left.Stats.Dropped != 10 || !errors.Is(err, context.DeadlineExceeded) {
				st.t.Errorf("Close: %v", err)
			}
		},
	},
}

// gapRecord is what the record that tells of a loss says.
type gapRecord struct {
	Level   string           `json:"level"`
	Msg     string           `json:"msg"`
	Lost    int64            `json:"lost"`
	Levels  map[string]int64 `json:"levels"`
	Reasons map[string]int64 `json:"reasons"`
	From    time.Time        `json:"from"`
	To      time.Time        `json:"to"`
}

// gapIs looks at the only gap record there is.
func (st *stage) gapIs(want gapRecord, stream string) {
	st.t.Helper()
	var found []gapRecord
	for _, e := range st.server.Events(group) {
		if !own(e.Message) {
			continue
		}
		var g gapRecord
		if err := json.Unmarshal([]byte(e.Message), &g); err != nil {
			st.t.Error(err)
		}
		if found = append(found, g); e.Stream != stream {
			st.t.Errorf("the gap record is in stream %q", e.Stream)
		}
	}
	if diff := cmp.Diff([]gapRecord{want}, found); diff != "" {
		st.t.Errorf("gap records (-want +got):\n%s", diff)
	}
}

// lockFree is a writer that asks the handler for its ledger, which no lock may
// keep it from.
type lockFree struct {
	*strings.Builder
	st *stage
}

func (w lockFree) Write(p []byte) (int, error) {
	w.st.check()
	return w.Builder.Write(p)
}

// panicky is a fallback that panics.
type panicky struct{ slog.Handler }

func (panicky) Enabled(context.Context, slog.Level) bool  { return true }
func (panicky) Handle(context.Context, slog.Record) error { panic("fallback") }
