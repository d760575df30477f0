package delivery_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// blocks has room for two of the records of flood.
var blocks = watchtower.Options{WhenFull: watchtower.Block, QueueBytes: small, ErrorReserve: -1}

// flood logs one record more than there is room for.
func (a *attempts) flood() {
	for range 3 {
		_ = a.st.Put(a.st.t.Context(), watchtower.Event{Message: strings.Repeat("x", 30<<10)})
	}
}

func TestAProgramThatWaitsForRoomGoesOnSoonAfterTheOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 20 {
			a := newAttempts(t, blocks, http.StatusServiceUnavailable)
			a.set("", a.begin.Add(3*time.Second)) // less than eight attempts take
			a.flood()
			if d := time.Since(a.up); d < 0 || d > time.Second {
				t.Errorf("the program goes on %v after the outage", d)
			}
		}
	})
}

// It goes on soon too when the pause was a long one already when the queue became
// full.
func TestWhoBeginsToWaitForRoomEndsThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAttempts(t, blocks, http.StatusServiceUnavailable)
		a.st.log(1)
		<-time.After(10 * time.Minute)
		a.restart()
		a.set("", time.Now())
		begin := time.Now()
		a.flood()
		if d := time.Since(begin); d > time.Second {
			t.Errorf("the program waits for %v", d)
		}
	})
}

func TestAttemptsForThoseWhoWaitForRoomHaveABudget(t *testing.T) {
	for status, most := range map[int]int{
		http.StatusServiceUnavailable: 8 + 12*60 + 130, // with what the back-off itself lets go
		http.StatusTooManyRequests:    300,
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newAttempts(t, blocks, status)
			a.set("", a.begin.Add(time.Hour))
			a.flood()
			if n := len(a.made()); n < 120 || n > most {
				t.Errorf("status %d: %d requests in an hour, want at most %d", status, n, most)
			}
			if d := time.Since(a.up); status == http.StatusServiceUnavailable && d > 8*time.Second {
				t.Errorf("the program goes on %v after the outage", d)
			}
		})
	}
}

func TestWhoWaitsForRoomLeavesTheServiceThePeaceItAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAttempts(t, blocks, http.StatusServiceUnavailable)
		a.set("60", a.begin.Add(30*time.Second))
		a.flood()
		if made := a.made(); len(made) != 2 || made[1]-made[0] < time.Minute || made[1]-made[0] > time.Minute+time.Second {
			t.Errorf("requests after %v, want one and the next after the minute that was asked for", made)
		}
	})
}

// What the service asks of one it may have asked of a whole fleet, at one time.
func TestThoseWhoWaitForRoomDoNotComeBackAtOneMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var first, last time.Duration
		for range 20 {
			a := newAttempts(t, blocks, http.StatusServiceUnavailable)
			a.set("60", a.begin.Add(30*time.Second))
			a.flood()
			made := a.made()
			pause := made[1] - made[0]
			if first == 0 || pause < first {
				first = pause
			}
			last = max(last, pause)
		}
		if last-first < 100*time.Millisecond {
			t.Errorf("20 programs that were asked for a minute come back within %v", last-first)
		}
	})
}

func TestWhoWaitsForRoomOnTheDiskGoesOnSoonAfterTheOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts := blocks
		opts.SpoolDir, opts.Spool, opts.SpoolBytes = t.TempDir(), watchtower.SpoolAlways, 16<<20
		a := newAttempts(t, opts, http.StatusServiceUnavailable)
		a.set("", a.begin.Add(10*time.Minute))
		for range 16<<10/30 + 20 {
			_ = a.st.Put(t.Context(), watchtower.Event{Message: strings.Repeat("x", 30<<10)})
		}
		if d := time.Since(a.up); d < 0 || d > 8*time.Second {
			t.Errorf("the program goes on %v after the outage", d)
		}
	})
}

// A service that takes some requests and not others gets no more of them because
// each one that it takes lets the program fill the queue again.
func TestTheBudgetOfThoseWhoWaitForRoomOutlivesASuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAttempts(t, blocks, http.StatusServiceUnavailable)
		begin := time.Now()
		a.st.network(func(r *http.Request) (*http.Response, error) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.at = append(a.at, time.Since(begin))
			if len(a.at)%4 == 0 || time.Since(begin) > 10*time.Minute {
				return nil, nil
			}
			return answering(r, http.StatusServiceUnavailable), nil
		})
		for time.Since(begin) < 10*time.Minute {
			a.flood()
		}
		if n := len(a.made()); n > 1100 {
			t.Errorf("%d requests in 10 minutes", n)
		}
	})
}
