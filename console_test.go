package watchtower

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheConsoleSumsUpLossesThatGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		c := newConsole()
		c.w = &out
		told := func(what string, want ...string) {
			t.Helper()
			synctest.Wait()
			c.mu.Lock() // the last line may be a timer's
			defer c.mu.Unlock()
			lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
			if out.Len() == 0 {
				lines = nil
			}
			if !slices.Equal(want, lines) {
				t.Errorf("%s: told %q, want %q", what, lines, want)
			}
			out.Reset()
		}
		full := func(n int64) { c.tell(&DropError{Reason: ReasonQueueFull, Events: n}) }
		begin := time.Now().UTC().Format(time.RFC3339)
		sum := func(s string) string { return "watchtower: since " + begin + " in all: " + s }

		full(1)
		told("at once", "watchtower: 1 record dropped (queue full)")
		for range 10 {
			full(1000)
		}
		told("in the pause")
		<-time.After(time.Minute)
		told("after it, with nobody who logs", sum("10001 records dropped (queue full)"))
		full(1)
		c.tell(&DropError{Reason: ReasonTooOld, Events: 3})
		<-time.After(time.Minute)
		told("the next pause is longer", "watchtower: 3 records rejected (too old)")
		<-time.After(time.Minute)
		told("and ends", sum("10002 records dropped (queue full)"))
		<-time.After(4 * time.Minute)
		told("no news")
		full(1)
		told("after the pause", sum("10003 records dropped (queue full)"))
		full(2)
		c.tell(&SendError{Kind: KindTimeout, Err: errors.New("no answer")})
		c.tell(&SendError{Kind: KindTimeout, Err: errors.New("no answer again")})
		c.tell(&RecoveredError{LogGroupName: "g", Failures: 2, Outage: time.Second})
		told("a recovery", "watchtower: no answer (timeout)", sum("10005 records dropped (queue full)"),
			`watchtower: delivery to log group "g" works again after 2 failures in 1s`)
		c.tell(&SendError{Kind: KindTimeout, Err: errors.New("no answer")})
		c.tell(&DropError{Reason: ReasonClosed, Events: 1, Err: &SendError{Kind: KindTimeout, Err: errors.New("no answer")}})
		c.tell(&DropError{Reason: ReasonExpired, Events: 1, Err: &SendError{Kind: KindReset, Err: errors.New("broken")}})
		told("a cause that is told, and one that is not", "watchtower: no answer (timeout)", "watchtower: 1 record dropped (closed): timeout",
			"watchtower: 1 record rejected (expired): broken (connection reset)")
		full(1)
		c.close()
		told("at the end", sum("10006 records dropped (queue full)"))
		<-time.After(3 * time.Hour)
		full(1)
		told("another day", "watchtower: 1 record dropped (queue full)")
	})
}
