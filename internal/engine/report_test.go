package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// A listener notes what a reporter tells, and when.
type listener struct {
	*reporter
	began time.Time
	told  []string
}

// listen runs a test of a reporter in a bubble.
func listen(t *testing.T, test func(l *listener)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		l := &listener{began: time.Now()}
		note := func(format string, args ...any) {
			l.told = append(l.told, fmt.Sprintf("%v ", time.Since(l.began))+fmt.Sprintf(format, args...))
		}
		l.reporter = newReporter(func(err error) {
			switch e := err.(type) {
			case *SendError:
				note("%s %d since %v", e.Kind, e.Failures, e.Since.Sub(l.began))
			case *DiskError:
				note("disk %s %d since %v", e.Kind, e.Failures, e.Since.Sub(l.began))
			case *RecoveredError:
				note("recovered")
			default:
				note("%v", err)
			}
		}, func(loss Loss) { note("lost %d", loss.Records) })
		test(l)
		l.close(context.Background())
	})
}

func (l *listener) fails(kind string) { l.failure(&SendError{Kind: kind, Err: errors.New("refused")}) }

// after lets time pass; what there is to tell is told by then.
func (l *listener) after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// heard compares what was told since it was last asked.
func (l *listener) heard(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, l.told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	l.told = nil
}

func TestAFailureThatGoesOnIsToldEverMoreSeldom(t *testing.T) {
	listen(t, func(l *listener) {
		for range 6 * 60 * 60 {
			l.fails("throttled")
			l.after(time.Second)
		}
		l.heard(t, "0s throttled 1 since 0s", "1m0s throttled 61 since 0s", "3m0s throttled 181 since 0s", "7m0s throttled 421 since 0s",
			"15m0s throttled 901 since 0s", "31m0s throttled 1861 since 0s", "1h3m0s throttled 3781 since 0s",
			"2h3m0s throttled 7381 since 0s", "3h3m0s throttled 10981 since 0s", "4h3m0s throttled 14581 since 0s", "5h3m0s throttled 18181 since 0s")
		l.failure(&RecoveredError{})
		l.heard(t, "6h0m0s recovered")
		l.after(time.Hour)
		l.fails("throttled") // another outage
		l.heard(t, "7h0m0s throttled 1 since 7h0m0s")
	})
}

func TestEachKindOfFailureIsToldAtOnce(t *testing.T) {
	listen(t, func(l *listener) {
		for range 3 {
			l.fails("throttled")
			l.fails("denied")
			for _, name := range []string{"a", "b"} {
				l.failure(&SendError{Kind: "missing", Err: &deliver.MissingError{Group: "g", Stream: name}})
			}
			l.after(time.Second)
		}
		l.heard(t, "0s throttled 1 since 0s", "0s denied 1 since 0s", "0s missing 1 since 0s", "0s missing 1 since 0s")
	})
}

func TestAServiceThatComesAndGoesIsToldOnceAMinute(t *testing.T) {
	listen(t, func(l *listener) {
		for range 40 { // within 120 s
			l.fails("throttled")
			l.after(time.Second)
			l.failure(&RecoveredError{})
			l.after(2 * time.Second)
		}
		l.heard(t, "0s throttled 1 since 0s", "1s recovered", "1m0s throttled 21 since 0s", "1m1s recovered")
		l.fails("throttled")
		l.after(2 * time.Minute) // and does not come back
		l.fails("throttled")
		l.heard(t, "2m0s throttled 41 since 0s", "4m0s throttled 42 since 0s")
		l.failure(&RecoveredError{})
		l.heard(t, "4m0s recovered")
	})
}

func TestFailuresOfTheDiskAreToldLikeThoseOfRequests(t *testing.T) {
	listen(t, func(l *listener) {
		for range 100_000 { // a record each
			l.disk(errors.New("write: no such device"))
		}
		l.disk(fmt.Errorf("append: %w", spool.ErrLocked))
		l.heard(t, "0s disk other 1 since 0s", "0s disk locked 1 since 0s")
		l.after(time.Minute)
		l.failure(&RecoveredError{}) // of requests: nobody talked of any
		l.disk(errors.New("write: no such device"))
		l.heard(t, "1m0s disk other 100001 since 0s")
		l.after(2 * time.Hour)
		l.disk(errors.New("write: no such device"))
		l.heard(t, "2h1m0s disk other 1 since 2h1m0s")
	})
}

func TestLossesAreAlwaysTold(t *testing.T) {
	listen(t, func(l *listener) {
		var want []string
		for i := range 300 {
			l.fails("throttled")
			l.loss(Loss{Reason: ledger.QueueFull, Records: 5, First: 1, Last: 1})
			l.after(2 * time.Second)
			want = append(want, fmt.Sprintf("%v lost 5", time.Duration(i)*2*time.Second))
		}
		var losses []string
		for _, s := range l.told {
			if strings.Contains(s, "lost") {
				losses = append(losses, s)
			}
		}
		if diff := cmp.Diff(want, losses); diff != "" {
			t.Errorf("losses (-want +got):\n%s", diff)
		}
	})
}

func TestFailuresOfManyTextsTakeBoundedMemory(t *testing.T) {
	var r repeats
	now := time.Now()
	for i := range 10 * maxTroubles {
		r.failed(failureKey{text: fmt.Sprint(i)}, now, true)
	}
	if n := len(r.troubles); n > maxTroubles+1 {
		t.Errorf("%d failures are remembered", n)
	}
	if _, tell := r.failed(failureKey{text: "new"}, now.Add(2*repeatMost), true); !tell || len(r.troubles) != 1 {
		t.Errorf("later %d are remembered; told: %t", len(r.troubles), tell)
	}
}

// One that is still to be told when there is no room for it is not lost.
func TestAFailureWithoutRoomIsToldLater(t *testing.T) {
	var r repeats
	now := time.Now()
	if _, tell := r.failed(failureKey{kind: "denied"}, now, false); tell {
		t.Error("told without room")
	}
	if seen, tell := r.failed(failureKey{kind: "denied"}, now, true); !tell || seen.Failures != 2 {
		t.Errorf("%+v, told: %t", seen, tell)
	}
}

func TestACauseIsNotForgottenForALossWithoutOne(t *testing.T) {
	cause := errors.New("refused")
	var r reporter
	r.add(Loss{Reason: ledger.Invalid, Records: 1, Err: cause})
	r.add(Loss{Reason: ledger.Invalid, Records: 1})
	if got := r.losses[0]; got.Err != cause || got.Records != 2 {
		t.Errorf("%+v", got)
	}
}
