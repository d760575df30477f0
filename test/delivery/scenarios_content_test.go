package delivery_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// spread logs n messages with times from first on, so far apart.
func (st *stage) spread(n int, first time.Time, apart time.Duration) {
	for i := range n {
		st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged)), Time: first.Add(time.Duration(i) * apart)})
	}
}

var content = []scenario{
	{
		name: "too old, too new and expired",
		want: sheet{Accepted: 24, Delivered: 5, Rejected: 19, Own: 1, Reasons: map[string]int64{
			watchtower.ReasonTooOld: 3, watchtower.ReasonExpired: 7, watchtower.ReasonTooNew: 9,
		}},
		opts: watchtower.Options{RetentionDays: 3},
		run: func(st *stage) {
			now := time.Now()
			st.spread(3, now.Add(-15*24*time.Hour), time.Minute)
			st.spread(7, now.Add(-5*24*time.Hour), time.Minute)
			st.spread(5, now, time.Millisecond)
			st.spread(9, now.Add(3*time.Hour), time.Minute)
			st.within(time.Second)
		},
	},
	{
		name: "rejected by index in one batch",
		want: sheet{Accepted: 20, Delivered: 11, Rejected: 9, Own: 1, Reasons: map[string]int64{
			watchtower.ReasonTooOld: 2, watchtower.ReasonExpired: 3, watchtower.ReasonTooNew: 4,
		}},
		run: func(st *stage) {
			if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultReject, Operation: put, Times: 1, TooOld: 2, Expired: 5, TooNew: 4}); err != nil {
				st.t.Fatal(err)
			}
			create(st.t, st.server, "s")
			st.spread(20, time.Now(), time.Millisecond)
			st.within(time.Second)
			synctest.Wait() // the fallback has a goroutine of its own
			want := []string{"m0", "m1", "m2", "m3", "m4", "m16", "m17", "m18", "m19"}
			if diff := cmp.Diff(want, st.fallen); diff != "" {
				st.t.Error(diff)
			}
		},
	},
	{
		name: "restamped", opts: watchtower.Options{Restamp: true},
		want: sheet{Accepted: 12, Delivered: 12},
		run: func(st *stage) {
			now := time.Now().Truncate(time.Millisecond)
			st.spread(3, now.Add(-15*24*time.Hour), time.Minute)
			st.spread(5, now, time.Millisecond)
			st.spread(4, now.Add(3*time.Hour), time.Minute)
			st.within(time.Second)
			n := 0
			for _, e := range st.server.Events(group) {
				if !strings.HasPrefix(e.Message, "[_original_time=") {
					continue
				}
				if n++; e.Time.Sub(now).Abs() > time.Second {
					st.t.Errorf("restamped to %v: %s", e.Time, e.Message)
				}
				_, msg, _ := strings.Cut(e.Message, "] ")
				st.logged[e.Message] = 1
				delete(st.logged, msg)
			}
			if n != 7 {
				st.t.Errorf("%d events restamped, want 7", n)
			}
		},
	},
	{
		name: "expired is not restamped", opts: watchtower.Options{Restamp: true, RetentionDays: 1},
		want: sheet{Accepted: 4, Delivered: 1, Rejected: 3, Own: 1, Reasons: map[string]int64{watchtower.ReasonExpired: 3}},
		run: func(st *stage) {
			st.spread(3, time.Now().Add(-2*24*time.Hour), time.Minute)
			st.log(1)
			st.within(time.Second)
		},
	},
	{
		name: "a poison event among 10,000", opts: watchtower.Options{WhenFull: watchtower.Block},
		want: sheet{Accepted: 10_200, Delivered: 10_199, Rejected: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run:  func(st *stage) { st.poisoned(10_000, 26, 7_654) },
	},
	{
		name: "a poison event first of 10,000", opts: watchtower.Options{WhenFull: watchtower.Block},
		want: sheet{Accepted: 10_200, Delivered: 10_199, Rejected: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run:  func(st *stage) { st.poisoned(10_000, 26, 0) },
	},
	{
		name: "a poison event last of 10,000", opts: watchtower.Options{WhenFull: watchtower.Block, NoCompression: true},
		want: sheet{Accepted: 10_200, Delivered: 10_199, Rejected: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run:  func(st *stage) { st.poisoned(10_000, 26, 9_999) },
	},
	{
		name: "two poison events", opts: watchtower.Options{WhenFull: watchtower.Block},
		want: sheet{Accepted: 10_200, Delivered: 10_198, Rejected: 2, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 2}},
		run:  func(st *stage) { st.poisoned(10_000, 2*26, 17, 9_000) },
	},
	{
		name: "a refusal that was a mistake", opts: watchtower.Options{NoCompression: true},
		want: sheet{Accepted: 100, Delivered: 100},
		run: func(st *stage) {
			st.server.Faults().Fail(put, 400, 1)
			st.log(100)
			st.within(time.Minute)
		},
	},
	{
		name: "an endpoint that takes 256 KiB", opts: watchtower.Options{WhenFull: watchtower.Block, NoCompression: true},
		want: sheet{Accepted: 43, Delivered: 43},
		run: func(st *stage) {
			st.server.Faults().LimitEvents(256<<10, -1)
			long := func(n int) {
				for range n {
					msg := fmt.Sprint("m", len(st.logged), strings.Repeat(" long", 60_000))
					st.put(watchtower.Event{Message: msg})
				}
			}
			st.log(20)
			long(1)
			st.log(20)
			st.within(time.Minute)
			learnt := st.requests[put]
			long(2)
			st.within(time.Minute)
			if n := st.requests[put] - learnt; n != 1 {
				st.t.Errorf("%d requests for two long events after the limit was learnt, want 1", n)
			}
			limits := 0
			for _, err := range st.told {
				if strings.Contains(err.Error(), "shortened to 262118 bytes") {
					limits++
				}
			}
			if limits != 1 {
				st.t.Errorf("the limit was told %d times, want once: %v", limits, st.told)
			}
			for _, m := range messages(st.server) { // shortened ones, in the place of those logged
				if head, _, found := strings.Cut(m, " "); found {
					delete(st.logged, head+strings.Repeat(" long", 60_000))
					if st.logged[m]++; len(m) > 262118 || len(m) < 262000 {
						st.t.Errorf("a message of %d bytes", len(m))
					}
				}
			}
		},
	},
	{
		name: "413 for big bodies", opts: watchtower.Options{WhenFull: watchtower.Block, NoCompression: true},
		want: sheet{Accepted: 3000, Delivered: 3000}, kinds: nil,
		run: func(st *stage) {
			refused := 0
			st.network(func(r *http.Request) (*http.Response, error) {
				if r.ContentLength > 400_000 {
					refused++
					io.Copy(io.Discard, r.Body)
					r.Body.Close()
					return answering(r, http.StatusRequestEntityTooLarge), nil
				}
				return nil, nil
			})
			for i := range 3000 {
				st.put(watchtower.Event{Message: fmt.Sprint("m", i, strings.Repeat("x", 1000))})
			}
			st.within(time.Minute)
			if refused == 0 || refused > 12 {
				st.t.Errorf("%d bodies were refused", refused)
			}
		},
	},
	{
		name: "over-size shrunk in an outage", opts: watchtower.Options{MaxEventBytes: 2000, NoGapRecords: true},
		want: sheet{Accepted: 3, Delivered: 3},
		run:  func(st *stage) { st.oversize(3) },
	},
	{
		name: "over-size split in an outage", opts: watchtower.Options{MaxEventBytes: 2000, Oversize: watchtower.Split},
		want: sheet{Accepted: 3, Delivered: 3},
		run:  func(st *stage) { st.oversize(6) },
	},
	{
		name: "over-size dropped in an outage", opts: watchtower.Options{MaxEventBytes: 2000, Oversize: watchtower.Drop},
		want: sheet{Accepted: 3, Dropped: 3, Own: 1, Reasons: map[string]int64{watchtower.ReasonOversize: 3}},
		run: func(st *stage) {
			st.oversize(0)
			if len(st.fallen) != 3 {
				st.t.Errorf("the fallback got %d records, want 3", len(st.fallen))
			}
		},
	},
	{
		name: "over-size split and poisoned in its middle", opts: watchtower.Options{MaxEventBytes: 2000, Oversize: watchtower.Split},
		want: sheet{Accepted: 2, Delivered: 1, Rejected: 1, Own: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run: func(st *stage) {
			st.server.Faults().Poison("poison", -1)
			st.Put(st.t.Context(), watchtower.Event{Message: strings.Repeat("x", 2500) + "poison" + strings.Repeat("y", 2500)})
			st.Put(st.t.Context(), watchtower.Event{Message: "m"})
			st.within(time.Minute)
			synctest.Wait()
			for _, m := range append(messages(st.server), st.fallen...) {
				if !own(m) {
					st.logged[m]++ // parts have texts of their own
				}
			}
			if len(st.logged) != 4 || len(st.fallen) != 1 { // three parts and another record
				st.t.Errorf("%d events stored, %d lost", len(st.logged), len(st.fallen))
			}
		},
	},
	{
		name: "Sync with faults", opts: watchtower.Options{Sync: true},
		want: sheet{Accepted: 12, Delivered: 11, Rejected: 1, Own: 1, Duplicates: 1, Reasons: map[string]int64{watchtower.ReasonInvalid: 1}},
		run: func(st *stage) {
			create(st.t, st.server, "s")
			f := st.server.Faults()
			f.Throttle(put, 3)
			f.Fail(put, 503, 2)
			f.LoseAnswer(put, 1)
			st.twice["m0"] = 1
			for range 11 {
				if err := st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged))}); err != nil {
					st.t.Error(err)
				}
				if n := len(messages(st.server)); n != len(st.logged)+1 {
					st.t.Errorf("%d events stored when Put %d returned", n, len(st.logged))
				}
			}
			f.Poison("bad", -1)
			err := st.put(watchtower.Event{Message: "bad"})
			if d, ok := errors.AsType[*watchtower.DropError](err); !ok || d.Reason != watchtower.ReasonInvalid {
				st.t.Errorf("a poison event: %v", err)
			}
			st.within(time.Minute)
		},
	},
}

// poisoned logs n messages of which those at some places are refused, and looks
// at how many requests that cost beyond the one that it takes.
func (st *stage) poisoned(n, extra int, at ...int) {
	st.log(200)
	st.within(time.Second) // it is known that the server reads gzip
	before := st.requests[put]
	st.server.Faults().Poison("poison", -1)
	for i := range n {
		msg := fmt.Sprint("event ", i)
		for _, bad := range at {
			if i == bad {
				msg += " poison"
			}
		}
		st.logged[msg]++
		if err := st.Put(st.t.Context(), watchtower.Event{Message: msg}); err != nil {
			st.t.Fatal(err)
		}
	}
	st.within(time.Minute)
	synctest.Wait()
	if puts := st.requests[put] - before - 1; puts > extra {
		st.t.Errorf("%d requests more than one, want at most %d", puts, extra)
	} else {
		st.t.Logf("%d requests more than one", puts)
	}
	if len(st.fallen) != len(at) {
		st.t.Errorf("the fallback got %q", st.fallen)
	}
}

// oversize logs three records that are too long, in an outage.
func (st *stage) oversize(events int) {
	st.server.Faults().Fail(put, 503, -1)
	for i := range 3 {
		slog.New(st.Handler).Info(fmt.Sprint("m", i), "text", strings.Repeat("x", 3500))
	}
	<-time.After(10 * time.Minute)
	st.check()
	st.server.Faults().Clear()
	st.within(2 * time.Minute)
	n := 0
	for _, m := range messages(st.server) {
		if n++; own(m) {
			n--
			continue
		}
		st.logged[m]++
	}
	if n != events {
		st.t.Errorf("%d events stored, want %d", n, events)
	}
	for _, m := range st.fallen {
		st.logged[m]++
	}
}
