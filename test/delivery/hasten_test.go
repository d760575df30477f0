package delivery_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// attempts makes the service answer 503 until it is up, and notes when requests
// came, from begin on.
type attempts struct {
	st    *stage
	after string // Retry-After

	mu    sync.Mutex
	begin time.Time
	at    []time.Duration
	up    time.Time // zero: never
}

// outage is a handler that has had a service which is down for ten minutes.
func outage(t *testing.T, opts watchtower.Options) *attempts {
	a := newAttempts(t, opts, http.StatusServiceUnavailable)
	a.st.log(400)
	<-time.After(10 * time.Minute)
	a.restart()
	return a
}

// newAttempts is a handler with a service that answers with a status until it is
// up.
func newAttempts(t *testing.T, opts watchtower.Options, status int) *attempts {
	a := &attempts{st: newStage(t, opts), begin: time.Now()}
	create(t, a.st.server, "s")
	a.st.network(func(r *http.Request) (*http.Response, error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.at = append(a.at, time.Since(a.begin))
		if !a.up.IsZero() && !time.Now().Before(a.up) {
			return nil, nil
		}
		if a.after != "" {
			return unavailable(r, a.after), nil
		}
		return answering(r, status), nil
	})
	return a
}

// restart begins to note anew, right after an attempt that was not the first: the
// back-off is shut then.
func (a *attempts) restart() {
	synctest.Wait()
	a.mu.Lock()
	n := len(a.at)
	a.mu.Unlock()
	for {
		<-time.After(100 * time.Millisecond)
		a.mu.Lock()
		if len(a.at) > n {
			a.at, a.begin = nil, time.Now()
			a.mu.Unlock()
			return
		}
		a.mu.Unlock()
	}
}

// set changes what the service does.
func (a *attempts) set(after string, up time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.after, a.up = after, up
}

// made are the requests since begin.
func (a *attempts) made() []time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at
}

// end closes the handler within five seconds.
func (a *attempts) end() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return a.st.Close(ctx)
}

// lastOf5 is when the last attempt is made for a wait of five seconds.
const lastOf5 = 4375 * time.Millisecond

func TestCloseInABackOffTriesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := outage(t, watchtower.Options{})
		a.set("", a.begin)
		if err := a.end(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]time.Duration{0}, a.made()); diff != "" {
			t.Errorf("requests after Close began (-want +got):\n%s", diff)
		}
		a.st.stored()
	})
}

func TestFlushInABackOffTriesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := outage(t, watchtower.Options{})
		a.set("", a.begin)
		a.st.within(time.Second)
		if diff := cmp.Diff([]time.Duration{0}, a.made()); diff != "" {
			t.Errorf("requests after Flush began (-want +got):\n%s", diff)
		}
		a.st.stored()
	})
}

func TestCloseTriesAgainAndOnceMoreBeforeItsTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := outage(t, watchtower.Options{})
		if err := a.end(); err == nil {
			t.Error("no error, but nothing was delivered")
		}
		// The back-off itself may end after lastOf5, and add one.
		made := a.made()
		if n := len(made); n < 4 || n > 10 || made[0] != 0 || !slices.Contains(made, lastOf5) {
			t.Errorf("requests after %v, want one at once, one after %v, and some between", made, lastOf5)
		}
	})
}

func TestAServiceThatComesBackInTheLastMomentOfCloseIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := outage(t, watchtower.Options{})
		a.set("", a.begin.Add(lastOf5))
		if err := a.end(); err != nil {
			t.Error(err)
		}
		a.st.stored()
	})
}

func TestCloseLeavesTheServiceThePeaceItAsksFor(t *testing.T) {
	for after, want := range map[string]time.Duration{"2": 2 * time.Second, "600": lastOf5} {
		t.Run(after, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := outage(t, watchtower.Options{})
				a.set(after, time.Time{})
				a.restart()
				a.set("", a.begin)
				begin := time.Now()
				if err := a.end(); err != nil {
					t.Error(err)
				}
				// Asked for up to 100 ms before Close began.
				if d := time.Since(begin); len(a.made()) != 1 || d > want || d < want-100*time.Millisecond {
					t.Errorf("requests after %v, want one after %v", a.made(), want)
				}
				a.st.stored()
			})
		})
	}
}

func TestFlushAfterEachRecordInAnOutageHasABudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := outage(t, watchtower.Options{})
		a.restart()
		for range 600 {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			_ = a.st.Flush(ctx)
			cancel()
		}
		// Eight, then six in a minute, and what the back-off itself lets go.
		if n := len(a.made()); n < 10 || n > 24 {
			t.Errorf("%d requests in a minute of 600 calls of Flush", n)
		}
		a.set("", time.Now())
		a.st.within(time.Hour)
		a.st.stored()
	})
}
