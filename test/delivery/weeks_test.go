package delivery_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

const day = 24 * time.Hour

// weeks logs a record every ten seconds, and a burst of 60 every hour, for
// three weeks. The service is down from the end of the third day on. Nothing is
// logged for some time around a moment: what happens then would depend on when
// exactly the first request gets through.
func weeks(t *testing.T, outage, silence time.Duration) (st *stage, early int64) {
	st = newStage(t, watchtower.Options{
		SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, QueueBytes: 1 << 20, FlushInterval: 30 * time.Minute, NoCompression: true,
	})
	st.stop()
	st.every = time.Hour
	st.start()
	begin, step := time.Now(), 10*time.Second
	if raceEnabled {
		step = time.Minute
	}
	n := 0
	for at := time.Duration(0); at < 21*day; at += step {
		switch at {
		case 3 * day:
			synctest.Wait() // for what is sent at this very moment
			s := st.Stats()
			early = s.Spooled + s.Pending // wait for their batches to fill
			st.network(func(r *http.Request) (*http.Response, error) {
				r.Body.Close()
				return unavailable(r, "300"), nil
			})
		case 3*day + outage:
			st.network(nil)
		}
		records := 1
		if at%time.Hour == 0 {
			records = 60
		}
		if silence > 0 && (at-silence).Abs() < time.Hour {
			records = 0
		}
		for range records {
			if err := st.Put(t.Context(), watchtower.Event{Message: fmt.Sprint("m", n)}); err != nil {
				t.Fatal(err)
			}
			if n++; at >= 3*day && at < silence {
				early++
			}
		}
		if at%time.Hour == 0 {
			st.check()
		}
		<-time.After(time.Until(begin.Add(at + step)))
	}
	st.within(time.Hour)
	<-time.After(time.Minute)
	st.within(time.Hour)
	if s := st.Stats(); s.Accepted != int64(n) {
		t.Errorf("%d records logged: %+v", n, s)
	}
	return st, early
}

func TestThreeWeeksWithAnOutageOfThirteenDaysLoseNothing(t *testing.T) {
	t.Parallel()
	start := time.Now()
	synctest.Test(t, func(t *testing.T) {
		st, _ := weeks(t, 13*day, 0)
		s := st.Stats()
		want := sheet{Accepted: s.Accepted, Delivered: s.Accepted}
		if diff := cmp.Diff(want, sheetOf(s)); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
		last := -1
		for _, e := range messages(st.server) {
			var n int
			if fmt.Sscanf(e, "m%d", &n); n != last+1 {
				t.Fatalf("record %d came after %d", n, last)
			}
			last = n
		}
		if int64(last+1) != s.Accepted {
			t.Errorf("%d of %d records are stored", last+1, s.Accepted)
		}
		t.Logf("%d records, %d requests, %d of them failed", s.Accepted, s.Sends+s.Failures, s.Failures)
	})
	// Five seconds is the aim, on a machine that does nothing else.
	t.Logf("three weeks took %v", time.Since(start).Round(10*time.Millisecond))
}

// An outage of 15 days is longer than the service takes events of: those of its
// first day are too old when it ends.
func TestWhatIsTooOldAfterAnOutageIsCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, early := weeks(t, 15*day, 4*day) // nothing around the 14 days before its end
		s := st.Stats()
		want := sheet{Accepted: s.Accepted, Delivered: s.Accepted - early, Own: s.Own, Reasons: map[string]int64{watchtower.ReasonTooOld: early}}
		// Some were in memory, where the service refuses them.
		want.Rejected, want.Dropped = s.Rejected, early-s.Rejected
		if diff := cmp.Diff(want, sheetOf(s)); diff != "" || s.Own == 0 {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
		if n := int64(len(messages(st.server))); n != s.Delivered+s.Own {
			t.Errorf("%d events stored: %+v", n, s)
		}
		if int64(len(st.fallen)) != early {
			t.Errorf("the fallback got %d of %d", len(st.fallen), early)
		}
	})
}
