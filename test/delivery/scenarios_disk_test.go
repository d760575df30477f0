package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// spooled is a folder that is replaced by one of the test's own.
const spooled = "here"

// ordered fails the test unless the messages of the stream are in the order in
// which they were logged.
func (st *stage) ordered() {
	last := -1
	for _, m := range messages(st.server) {
		if own(m) {
			continue
		}
		var n int
		if _, err := fmt.Sscanf(strings.TrimPrefix(m, "INFO "), "m%d", &n); err != nil || n <= last {
			st.t.Fatalf("%.20q came after %d (%v)", m, last, err)
		}
		last = n
	}
}

// down closes the handler within a second while every request fails, and opens
// the next on the same folder.
func (st *stage) down(log func(), want sheet) {
	st.server.Faults().Fail("", 503, -1)
	log()
	st.stop()
	if s := st.Stats(); s.Spooled != want.Spooled || s.Dropped != want.Dropped || s.Pending != 0 {
		st.t.Errorf("after Close: %+v", s)
	}
	st.server.Faults().Clear()
	st.start()
}

var onDisk = []scenario{
	{
		name: "spool on failure through an outage and back",
		opts: watchtower.Options{SpoolDir: spooled, QueueBytes: small},
		want: sheet{Accepted: 501, Delivered: 501},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Fail("", 503, -1)
			for range 50 {
				st.flood(10, slog.LevelInfo)
				<-time.After(time.Second)
			}
			if s := st.Stats(); s.Spooled < 400 || s.Delivered != 1 {
				st.t.Errorf("in the outage: %+v", s)
			}
			st.server.Faults().Clear()
			<-time.After(2 * time.Minute)
			st.check()
			st.ordered()
		},
	},
	{
		name: "spool always through an outage and back",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways, QueueBytes: small},
		want: sheet{Accepted: 501, Delivered: 501},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Fail("", 503, -1)
			for range 50 {
				st.flood(10, slog.LevelInfo)
				<-time.After(time.Second)
			}
			if s := st.Stats(); s.Spooled != 500 || s.Pending != 0 {
				st.t.Errorf("in the outage: %+v", s)
			}
			start := time.Now()
			st.within(time.Second) // all is on disk: nothing to wait for
			if d := time.Since(start); d > 0 {
				st.t.Errorf("Flush took %v in an outage although all is on disk", d)
			}
			st.server.Faults().Clear()
			<-time.After(2 * time.Minute)
			st.ordered()
		},
	},
	{
		name: "a failure while Flush waits for what is on disk",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways},
		want: sheet{Accepted: 21, Delivered: 21},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Delay(put, 10*time.Second, 1)
			st.server.Faults().Fail(put, 503, -1)
			st.log(20)
			st.within(11 * time.Second)
			if s := st.Stats(); s.Spooled != 20 {
				st.t.Errorf("%+v", s)
			}
			st.server.Faults().Clear()
		},
	},
	{
		name: "Close waits for what is on disk as long as it may",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways},
		want: sheet{Accepted: 21, Delivered: 21},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.server.Faults().Throttle(put, 6)
			st.log(20)
			if err := st.Close(context.Background()); err != nil {
				st.t.Errorf("Close: %v", err)
			}
		},
	},
	{
		name: "spool always, closed in an outage, and the next process",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways},
		want: sheet{Accepted: 7, Recovered: 30, Delivered: 37},
		run: func(st *stage) {
			st.down(func() { st.log(30) }, sheet{Spooled: 30})
			st.log(7)
			st.within(time.Minute)
			st.ordered()
		},
	},
	{
		name: "spool on failure, closed in an outage, and the next process",
		opts: watchtower.Options{SpoolDir: spooled, QueueBytes: small},
		want: sheet{Recovered: 200, Delivered: 200},
		run: func(st *stage) {
			st.down(func() {
				for range 200 {
					st.flood(1, slog.LevelInfo)
					<-time.After(time.Millisecond) // those in memory come to the disk last
				}
			}, sheet{Spooled: 200})
			<-time.After(time.Minute)
			st.within(time.Minute)
			st.ordered()
		},
	},
	{
		name: "a millisecond in several batches, closed in an outage, and the next process",
		opts: watchtower.Options{SpoolDir: spooled, MaxBatchEvents: 10},
		want: sheet{Recovered: 30, Delivered: 30},
		run: func(st *stage) {
			st.down(func() {
				st.log(30)
				<-time.After(10 * time.Second) // the first batch fails, and goes to the end of the line
			}, sheet{Spooled: 30})
			st.within(time.Minute)
			st.ordered()
		},
	},
	{
		name: "a millisecond in several batches, closed while the first is under way",
		opts: watchtower.Options{SpoolDir: spooled, MaxBatchEvents: 10},
		want: sheet{Recovered: 30, Delivered: 30, Duplicates: 10},
		run: func(st *stage) {
			st.server.Faults().Delay("", time.Minute, -1)
			st.down(func() {
				st.log(30)
				<-time.After(10 * time.Second)
			}, sheet{Spooled: 30})
			st.within(time.Minute)
			st.ordered()
		},
	},
	{
		name: "closed in three outages",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways, QueueBytes: small},
		want: sheet{Recovered: 300, Delivered: 300},
		run: func(st *stage) {
			for i := range 3 {
				st.down(func() { st.flood(100, slog.LevelInfo) }, sheet{Spooled: int64(100 * (i + 1))})
				st.server.Faults().Fail("", 503, -1)
			}
			st.server.Faults().Clear()
			<-time.After(2 * time.Minute)
			st.within(time.Minute)
			st.ordered()
		},
	},
	{
		name: "split records on disk",
		opts: watchtower.Options{SpoolDir: spooled, QueueBytes: small, Oversize: watchtower.Split, MaxEventBytes: 2000},
		want: sheet{Accepted: 40, Delivered: 40},
		run: func(st *stage) {
			st.server.Faults().Fail("", 503, -1)
			for i := range 40 {
				st.Put(st.t.Context(), watchtower.Event{Message: fmt.Sprint("m", i, strings.Repeat("x", 5000))})
				synctest.Wait()
				st.check()
			}
			if s := st.Stats(); s.Spooled < 20 || s.Spooled+s.Pending != 40 {
				st.t.Errorf("in the outage: %+v", s)
			}
			st.server.Faults().Clear()
			<-time.After(2 * time.Minute)
			for _, m := range messages(st.server) {
				st.logged[m]++
			}
			if len(st.logged) != 120 {
				st.t.Errorf("%d events stored, want 120", len(st.logged))
			}
		},
	},
	{
		name: "split records on disk, the next process",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways, QueueBytes: small, Oversize: watchtower.Split, MaxEventBytes: 2000},
		want: sheet{Recovered: 40, Delivered: 40},
		run: func(st *stage) {
			st.down(func() {
				for i := range 40 {
					st.Put(st.t.Context(), watchtower.Event{Message: fmt.Sprint("m", i, strings.Repeat("x", 5000))})
				}
			}, sheet{Spooled: 40})
			<-time.After(2 * time.Minute)
			for _, m := range messages(st.server) {
				st.logged[m]++
			}
			if len(st.logged) != 120 {
				st.t.Errorf("%d events stored, want 120", len(st.logged))
			}
		},
	},
	{
		name: "a poison event from the disk",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways},
		want: sheet{Accepted: 101, Delivered: 100, Rejected: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run: func(st *stage) {
			st.server.Faults().Poison("bad", -1)
			st.log(50)
			st.put(watchtower.Event{Message: "bad"})
			st.log(50)
			st.within(time.Minute)
		},
	},
	{
		name: "a poison event alone after an outage", // it is what shows that the service works
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways},
		want: sheet{Accepted: 102, Delivered: 101, Rejected: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			f := st.server.Faults()
			f.Fail(put, 503, 4)
			f.Poison("bad", -1)
			st.put(watchtower.Event{Message: "bad"})
			<-time.After(5050 * time.Millisecond) // it is under way alone
			st.log(100)
			<-time.After(5 * time.Minute)
			if s := st.Stats(); s.Spooled != 0 {
				st.t.Errorf("%+v", s)
			}
		},
	},
	{
		name: "restamped from the disk",
		opts: watchtower.Options{SpoolDir: spooled, Restamp: true},
		want: sheet{Accepted: 5, Recovered: 10, Delivered: 15},
		run: func(st *stage) {
			st.server.Faults().Fail("", 503, -1)
			st.log(10)
			st.stop()
			<-time.After(15 * 24 * time.Hour)
			st.server.Faults().Clear()
			st.start()
			st.log(5)
			st.within(time.Minute)
			for _, m := range messages(st.server) {
				if _, msg, stamped := strings.Cut(m, "] "); stamped {
					st.logged[m]++
					delete(st.logged, msg)
				}
			}
			if len(st.logged) != 15 {
				st.t.Errorf("stored: %q", messages(st.server))
			}
		},
	},
	{
		name: "too old on the disk",
		opts: watchtower.Options{SpoolDir: spooled},
		want: sheet{Accepted: 5, Recovered: 10, Delivered: 5, Dropped: 10, Own: 1, Reasons: map[string]int64{watchtower.ReasonTooOld: 10}},
		run: func(st *stage) {
			st.server.Faults().Fail("", 503, -1)
			st.log(10)
			st.stop()
			<-time.After(15 * 24 * time.Hour)
			st.server.Faults().Clear()
			st.start()
			st.log(5)
			st.within(time.Minute)
		},
	},
	{
		name: "a full disk drops as a full queue does",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways, SpoolBytes: 16 << 20},
		want: sheet{Accepted: 271, Delivered: 256, Dropped: 15, Own: 1, Reasons: map[string]int64{watchtower.ReasonSpoolFull: 15}},
		run: func(st *stage) {
			st.outage(func() {
				for range 270 {
					err := st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged), strings.Repeat("x", 65_600))})
					if d, ok := errors.AsType[*watchtower.DropError](err); err != nil && !ok {
						st.t.Errorf("Put: %v %v", d, err)
					}
				}
			})
			<-time.After(2 * time.Minute)
			st.log(0)
		},
	},
	{
		name: "a full disk blocks as a full queue does",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways, SpoolBytes: 16 << 20, WhenFull: watchtower.Block, BlockTimeout: time.Minute},
		want: sheet{Accepted: 271, Delivered: 256, Dropped: 15, Own: 1, Reasons: map[string]int64{watchtower.ReasonSpoolFull: 15}},
		run: func(st *stage) {
			st.outage(func() {
				start := time.Now()
				for range 270 {
					st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged), strings.Repeat("x", 65_600))})
				}
				if d := time.Since(start); d != 15*time.Minute {
					st.t.Errorf("15 records waited %v", d)
				}
			})
			<-time.After(2 * time.Minute)
		},
	},
	{
		name: "a full disk and a full memory, the oldest go",
		opts: watchtower.Options{SpoolDir: spooled, SpoolBytes: 16 << 20, QueueBytes: 1 << 20, WhenFull: watchtower.DropOldest, ErrorReserve: -1},
		want: sheet{Accepted: 301, Delivered: 271, Dropped: 30, Own: 1, Reasons: map[string]int64{watchtower.ReasonQueueFull: 30}},
		run: func(st *stage) {
			st.outage(func() {
				for range 300 {
					st.put(watchtower.Event{Message: fmt.Sprintf("m%04d%s", len(st.logged), strings.Repeat("x", 65_600))})
					synctest.Wait()
				}
			})
			<-time.After(2 * time.Minute)
			if last := st.fallen[len(st.fallen)-1]; strings.HasPrefix(last, "m0300") {
				st.t.Error("the newest was lost")
			}
		},
	},
}
