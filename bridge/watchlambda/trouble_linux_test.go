package watchlambda_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/bridge/watchlambda"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// bothWays runs a test for each.
func bothWays(t *testing.T, f func(t *testing.T, way string)) {
	t.Helper()
	for _, way := range []string{wrapped, extended} {
		t.Run(way, func(t *testing.T) { f(t, way) })
	}
}

// In an outage the function answers in time, says so, and what it logged comes
// with a later invocation.
func TestOutageKeepsTheDeadlineAndTheRecords(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil, marginVariable+"=2s")
		e.Invoke(payload(t, order{N: 0, Records: each}), enough)
		logs.Faults().Throttle("PutLogEvents", 1000)
		const limit = 3 * time.Second
		a := e.Invoke(payload(t, order{N: 1, Records: each}), limit)
		if a.Response != `"done"` || a.TimedOut || a.Exited || a.Total >= limit {
			t.Fatalf("during the outage: %+v", a)
		}
		logs.Faults().Clear()
		wantOnce(t, logs, 0, 1, each)
		var s watchlambda.Stats
		a = e.Invoke(payload(t, order{N: 2, Records: each, Do: "stats"}), enough)
		if err := json.Unmarshal([]byte(a.Response), &s); err != nil {
			t.Fatalf("%v: %+v", err, a)
		}
		got := []any{s.Invocations, s.Flushes, s.Late, s.Left, s.Extension}
		if diff := cmp.Diff([]any{int64(3), int64(3), int64(1), int64(each), way == extended}, got); diff != "" {
			t.Errorf("stats after the outage (-want +got):\n%s", diff)
		}
		if want := "watchlambda: 3 records are still pending: "; strings.Count(e.Output(), want) != 1 {
			t.Errorf("the function did not print %q once: %s", want, e.Output())
		}
		e.Kill()
		wantOnce(t, logs, 0, 3, each)
	})
}

// A slow service is given FlushTimeout, not all the time that the function has.
func TestSlowServiceCostsNoMoreThanFlushTimeout(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil, timeoutVariable+"=100ms")
		e.Invoke(payload(t, order{N: 0, Records: each}), enough)
		const slow = 2 * time.Second
		logs.Faults().Delay("PutLogEvents", slow, 1)
		a := e.Invoke(payload(t, order{N: 1, Records: each}), enough)
		if a.Response != `"done"` || a.Total < 100*time.Millisecond || a.Total >= slow {
			t.Fatalf("%+v", a)
		}
		for n := 2; ; n++ { // the request goes on while frozen, and the next flush waits for its answer
			if n == 1000 {
				t.Fatal("what was slow never arrived")
			}
			e.Invoke(payload(t, order{N: n, Records: each}), enough)
			if works, _ := stored(t, logs); len(works) == (n+1)*each {
				e.Kill()
				wantOnce(t, logs, 0, n+1, each)
				return
			}
		}
	})
}

// An environment that was made ahead may be killed before its first event.
func TestInitPhaseIsDeliveredBeforeItsFreeze(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		start(t, logs, way, nil).Kill()
		if _, others := stored(t, logs); !slices.Equal(others, []string{"init"}) {
			t.Errorf("stored: %q", others)
		}
	})
}

// What was flushed before a freeze is stored, so an environment that is killed in
// it loses nothing.
func TestKilledWhileFrozenLosesNothing(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil)
		e.Invoke(payload(t, order{N: 0, Records: 100}), enough)
		e.Kill()
		wantOnce(t, logs, 0, 1, 100)
	})
}

// Lambda gives notice if an extension is registered: what an outage had kept back
// is delivered then.
func TestExtensionDeliversAtShutdownWhatAnOutageKeptBack(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil, marginVariable+"=2s")
		logs.Faults().Throttle("", 1000)
		if a := e.Invoke(payload(t, order{N: 0, Records: each}), 3*time.Second); a.TimedOut || a.Exited {
			t.Fatalf("%+v", a)
		}
		logs.Faults().Clear()
		graceful := e.Shutdown()
		if graceful != (way == extended) {
			t.Errorf("ended by itself: %t", graceful)
		}
		if way == extended {
			wantOnce(t, logs, 0, 1, each)
		} else if works, _ := stored(t, logs); len(works) > 0 {
			t.Error("delivered without notice?")
		}
	})
}

func TestPanicIsStoredWithItsStackAndGoesOn(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil)
		a := e.Invoke(payload(t, order{N: 0, Records: each, Do: "panic"}), enough)
		if !a.Failed || !a.Exited || !strings.Contains(a.Response, "out of stock") {
			t.Errorf("%+v", a)
		}
		wantOnce(t, logs, 0, 1, each)
		var r struct {
			Level, Msg, Panic, Stack, RequestID string
		}
		events := logs.Events("orders")
		if err := json.Unmarshal([]byte(events[len(events)-1].Message), &r); err != nil {
			t.Fatal(err)
		}
		if r.Level != "ERROR" || r.Msg != "panic" || r.Panic != "out of stock" || r.RequestID != a.RequestID || !strings.Contains(r.Stack, "watchlambda_test.function.func1") {
			t.Errorf("the last record is %+v", r)
		}
	})
}

func TestErrorOfTheHandlerIsAnsweredAndStored(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil)
		a := e.Invoke(payload(t, order{N: 0, Records: each, Do: "fail"}), enough)
		if !a.Failed || a.Exited || !strings.Contains(a.Response, "no such order") {
			t.Errorf("%+v", a)
		}
		e.Kill()
		wantOnce(t, logs, 0, 1, each)
		events := logs.Events("orders")
		if last := events[len(events)-1].Message; !strings.Contains(last, `"msg":"the handler failed","requestId":"`) {
			t.Errorf("the last record is %s", last)
		}
	})
}

// Lambda kills a function whose time is up. What it logged is stored by then.
func TestLastCallDeliversBeforeATimeOut(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil)
		a := e.Invoke(payload(t, order{N: 0, Records: each, Do: "hang"}), 3*time.Second)
		if !a.TimedOut {
			t.Errorf("%+v", a)
		}
		wantOnce(t, logs, 0, 1, each)
		if _, others := stored(t, logs); !slices.Contains(others, "the function's time is nearly up") {
			t.Errorf("also stored: %q", others)
		}
	})
}

// A function whose extension Lambda does not take works as one without.
func TestRefusedExtensionFlushesBeforeTheResponse(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	e := start(t, logs, extended, map[string][]int{"extension/register": {403}})
	var s watchlambda.Stats
	e.Invoke(payload(t, order{N: 0, Records: each}), enough)
	a := e.Invoke(payload(t, order{N: 1, Records: each, Do: "stats"}), enough)
	if err := json.Unmarshal([]byte(a.Response), &s); err != nil || s.Extension || s.Flushes != 2 {
		t.Errorf("%v: %+v", err, a)
	}
	e.Kill()
	wantOnce(t, logs, 0, 2, each)
	if want := "watchlambda: no extension, so each flush is before the response: extensions API, register: 403 Forbidden"; !strings.Contains(e.Output(), want) {
		t.Errorf("the function did not print %q: %s", want, e.Output())
	}
}

// An extension that cannot go on says so to Lambda, which then ends the
// environment with the invocation. Nothing is lost by it.
func TestFailingExtensionIsReportedAndLosesNothing(t *testing.T) {
	for _, c := range []struct {
		report string
		faults []int
	}{
		{"extension/init/error", []int{500}},
		{"extension/exit/error", []int{0, 500}},
	} {
		t.Run(c.report, func(t *testing.T) {
			logs := watchtowertest.NewServer(t)
			e := start(t, logs, extended, map[string][]int{"extension/event/next": c.faults})
			if len(c.faults) > 1 {
				if a := e.Invoke(payload(t, order{N: 0, Records: each}), enough); a.Response != `"done"` || !a.Exited {
					t.Errorf("%+v", a)
				}
				wantOnce(t, logs, 0, 1, each)
			}
			reports := e.Reports()
			if len(reports) != 1 || reports[0].Path != c.report || reports[0].Type != "Extension.NextFailed" ||
				!strings.Contains(reports[0].Body, "500 Internal Server Error") {
				t.Errorf("reports: %+v", reports)
			}
			if _, others := stored(t, logs); !slices.Contains(others, "init") {
				t.Errorf("stored: %q", others)
			}
		})
	}
}
