package watchlambda_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/test/fakelambda"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// These tests run a real function, in a process that is stopped whenever Lambda
// would freeze it, and read at the local server what came of its records.

const (
	invocations = 1000
	each        = 3 // records
)

// start starts an environment whose function logs to the server that way.
func start(t *testing.T, logs *watchtowertest.Server, way string, faults map[string][]int, env ...string) *fakelambda.Environment {
	t.Helper()
	command := exec.Command(os.Args[0])
	for _, setting := range os.Environ() {
		// Nothing that this machine has for the real AWS may interfere.
		if !strings.HasPrefix(setting, "AWS_") {
			command.Env = append(command.Env, setting)
		}
	}
	command.Env = append(command.Env, wayVariable+"="+way,
		"AWS_ENDPOINT_URL="+logs.URL(), "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	command.Env = append(command.Env, env...)
	e := fakelambda.Start(t, command, faults)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the function printed:\n%s", e.Output())
		}
	})
	return e
}

// A work is one record that the function logs for an order.
type work struct{ n, i int }

// stored counts the records that arrived, by their place, and returns the
// messages of all others.
func stored(t *testing.T, logs *watchtowertest.Server) (works map[work]int, others []string) {
	t.Helper()
	works = map[work]int{}
	for _, event := range logs.Events("orders") {
		var r struct {
			Msg  string
			N, I int
		}
		if err := json.Unmarshal([]byte(event.Message), &r); err != nil {
			t.Fatal(err)
		}
		if r.Msg == "work" {
			works[work{r.N, r.I}]++
		} else {
			others = append(others, r.Msg)
		}
	}
	return works, others
}

// wantOnce claims that each record of the orders from..to-1 was stored once.
func wantOnce(t *testing.T, logs *watchtowertest.Server, from, to, records int) {
	t.Helper()
	works, _ := stored(t, logs)
	wrong := 0
	for n := from; n < to; n++ {
		for i := range records {
			if got := works[work{n, i}]; got != 1 {
				if wrong++; wrong <= 5 {
					t.Errorf("record %d of order %d is stored %d times, want once", i, n, got)
				}
			}
		}
	}
	if want := (to - from) * records; wrong > 0 || len(works) != want {
		t.Errorf("%d records are wrong; %d are stored, want %d", wrong, len(works), want)
	}
}

// Every environment is frozen after each invocation, and killed while frozen.
func TestThousandInvocationsLoseNothingToTheFreeze(t *testing.T) {
	latency := map[string][]time.Duration{}
	for _, way := range []string{discarded, wrapped, extended} {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil)
		var total []time.Duration
		for n := range invocations {
			a := e.Invoke(payload(t, order{N: n, Records: each}), enough)
			if a.Response != `"done"` || a.Failed || a.TimedOut || a.Exited {
				t.Fatalf("%s, invocation %d: %+v", way, n, a)
			}
			latency[way], total = append(latency[way], a.Latency), append(total, a.Total)
		}
		e.Kill()
		if way != discarded {
			wantOnce(t, logs, 0, invocations, each)
			if _, others := stored(t, logs); !slices.Equal(others, []string{"init"}) {
				t.Errorf("%s: also stored: %q", way, others)
			}
		}
		t.Logf("%-10s response after %v median, %v 99 %%; frozen after %v median", way, middle(latency[way], 50), middle(latency[way], 99), middle(total, 50))
	}
	for _, way := range []string{wrapped, extended} {
		t.Logf("%-10s adds %v to an invocation (median of %d)", way, middle(latency[way], 50)-middle(latency[discarded], 50), invocations)
	}
}

func TestRecordsKnowTheirInvocation(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way, nil)
		first := e.Invoke(payload(t, order{N: 0, Records: 1}), enough)
		second := e.Invoke(payload(t, order{N: 1, Records: 1}), enough)
		e.Kill()
		var got []string
		for _, event := range logs.Events("orders") {
			_, message, _ := strings.Cut(event.Message, ",") // after its time
			got = append(got, event.Stream+": "+message)
		}
		const stream = "orders/root/" + fakelambda.LogStream + `: "level":"INFO","msg":`
		attrs := func(a fakelambda.Answer, cold bool) string {
			return fmt.Sprintf(`"requestId":%q,"functionArn":%q,"xrayTraceId":"1-5759e988-bd862e3fe1be46a994272793","coldStart":%t,`,
				a.RequestID, "arn:aws:lambda:us-east-1:123456789012:function:orders", cold)
		}
		want := []string{
			stream + `"init"}`,
			stream + `"work",` + attrs(first, true) + `"n":0,"i":0}`,
			stream + `"work",` + attrs(second, false) + `"n":1,"i":0}`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// middle is a percentile.
func middle(all []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)*percent/100].Round(time.Microsecond)
}
