package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func TestGoalsAreHeldAgainstTheMedianOrAgainstEachRound(t *testing.T) {
	for _, c := range []struct {
		rule   rule
		rounds []float64
		want   string
	}{
		{most, []float64{1, 2, 3}, "met"},
		{most, []float64{1, 2, 4}, "met (in 2 of 3 rounds)"},
		{most, []float64{1, 4, 5}, "**not met** (met in 1 of 3 rounds)"},
		{most, []float64{4, 5}, "**not met**"},
		{least, []float64{3, 4}, "met"},
		{least, []float64{2, 3, 4}, "met (in 2 of 3 rounds)"},
		{least, []float64{1, 2}, "**not met**"},
		{each, []float64{0, 3}, "met"},
		{each, []float64{0, 0, 0, 0, 4}, "**not met** (met in 4 of 5 rounds)"},
		{most, []float64{3}, "met (one round)"},
		{most, []float64{4}, "**not met** (one round)"},
		{most, nil, "not measured"},
	} {
		g := goal{rule: c.rule, bound: 3}
		if got := g.verdict(figureOf(c.rounds)); got != c.want {
			t.Errorf("%s 3, of %v: %q, want %q", signs[c.rule], c.rounds, got, c.want)
		}
	}
}

func TestEveryCountIsHeldAgainstEveryOther(t *testing.T) {
	l := &drive.Load{Records: 10}
	for _, c := range []struct {
		accepted, delivered, dropped, own, arrived int64
		want                                       float64
	}{
		{10, 7, 3, 2, 9, 0},
		{9, 6, 3, 0, 6, 1},  // a call that nobody counted
		{10, 7, 3, 0, 6, 1}, // delivered, as the handler says
		{10, 7, 3, 0, 8, 1}, // twice
		{10, 7, 2, 0, 7, 1}, // neither
	} {
		o := &outcome{Result: drive.Result{Ledger: drive.Ledger{Accepted: c.accepted, Delivered: c.delivered, Dropped: c.dropped, Own: c.own}}}
		o.Sink.Events = c.arrived
		if got, ok := wrong(l, o); got != c.want || !ok {
			t.Errorf("%+v: wrong by %v", c, got)
		}
	}
}

func TestWhatIsNotMetIsListedWithItsReason(t *testing.T) {
	r := noResults()
	if got := r.unmet(); got != "No goal was measured.\n" {
		t.Errorf("of nothing: %q", got)
	}
	run := func(mib int64) []*outcome { return []*outcome{{Result: drive.Result{PeakRSS: mib << 20}}} }
	r.Runs["outage"] = map[string][]*outcome{"watchtower": run(39)}
	if got := r.unmet(); got != "All goals that were measured are met.\n" {
		t.Errorf("of one that is met: %q", got)
	}
	r.Runs["outage"] = map[string][]*outcome{"watchtower": run(41), "watchtower-gzip": run(39)}
	want := "- **Goal 7: peak of memory in an outage of 5 s when callers wait: 41 MiB instead of ≤ 40 MiB.** " + reasons["outage memory"] + "\n"
	if got := r.unmet(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var used []string
	for _, g := range goals {
		used = append(used, g.why)
	}
	for why := range reasons {
		if !slices.Contains(used, why) {
			t.Errorf("no goal has the reason %q", why)
		}
	}
}

func TestAllEightGoalsAreThereAndTheirPeersRun(t *testing.T) {
	have := map[int]bool{}
	for _, g := range goals {
		have[g.number] = true
	}
	if got := slices.Sorted(maps.Keys(have)); !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("goals %v", got)
	}
	// A result of every peer in every scenario: a goal that finds none of it asks
	// for what is never run.
	r := noResults()
	for _, s := range scenarios {
		r.Runs[s.Name] = map[string][]*outcome{}
		for _, p := range s.Peers {
			r.Runs[s.Name][p] = []*outcome{{
				Result: drive.Result{Mallocs: 1, PeakRSS: 1, Anonymous: 1, P50: 1, P999: 1, Max: 1, CallSeconds: 1, CPUSeconds: 1, Ledger: drive.Ledger{Accepted: 1}},
				Sink:   drive.Counts{Requests: 1, Events: 1},
			}}
		}
	}
	r.Calls = map[string][]callCost{}
	for _, name := range callNames() {
		r.Calls[name] = []callCost{{}}
	}
	for _, g := range goals {
		if f := g.value(r); !f.ok() {
			t.Errorf("goal %d, %s: is never measured", g.number, g.what)
		}
	}
}

func TestCallsAreReadAndHeldAgainstTheWalker(t *testing.T) {
	const out = `goos: linux
BenchmarkHandle/0Attrs/Bare/Walk-2      	 1000	  500.5 ns/op	 0 B/op	 0 allocs/op
BenchmarkHandle/10Attrs/With/Walk-2     	 1000	  900 ns/op	 432 B/op	 5 allocs/op
BenchmarkHandle/10Attrs/With/Watchtower 	 1000	 1700 ns/op	 600 B/op	 7 allocs/op
BenchmarkHandle/5Attrs/Source/Watchtower-2	 1000	 1700 ns/op	 60 B/op	 1 allocs/op
PASS
`
	calls := map[string][]callCost{}
	if err := readCalls([]byte(out), calls); err != nil {
		t.Fatal(err)
	}
	if got := calls[callName("0Attrs", "Bare", "Walk")]; len(got) != 1 || got[0].Nanos < 500 || got[0].Nanos > 501 {
		t.Errorf("500.5 ns/op is read as %+v", calls)
	}
	r := &results{Calls: calls}
	if f := moreThanWalk(r); f.median != 2 {
		t.Errorf("7 allocations beside 5, 1 beside an unknown number: %+v", f)
	}
	if f := outright(r); f.median != 1 {
		t.Errorf("5 attributes, 1 allocation: %+v", f)
	}
	if err := readCalls([]byte("BenchmarkHandle/0Attrs/Bare/Walk 1 5 ns/op\n"), calls); err == nil || !strings.Contains(err.Error(), "B/op") && !strings.Contains(err.Error(), "allocs/op") {
		t.Errorf("without -benchmem: %v", err)
	}
}

func TestTheFloorFillsARequestAsTheServiceTakesIt(t *testing.T) {
	body, n := floorBody()
	if err := breach(body, floorTime); err != nil {
		t.Error(err)
	}
	if n < 4000 || len(body) < 1<<20 {
		t.Errorf("%d records, %d bytes", n, len(body))
	}
	f := floor{Front: 1, Format: 2, Compress: 3, SHA: 4, Post: 6, Ratio: 10}
	if plain, compressed := f.sums(); plain != 13 || compressed != 7 {
		t.Errorf("sums %v, %v", plain, compressed)
	}
}
