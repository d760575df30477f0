package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// A claim is one thing that the project wants to be true of a run. Each is a
// number and a bound.
type claim struct {
	goal  int
	what  string
	value figure
	bound float64
	least bool // the bound is the least, not the most
	unit  string
}

func (c *claim) met() bool {
	if c.least {
		return c.value.median >= c.bound
	}
	return c.value.median <= c.bound
}

func scenarioOf(name string) *scenario {
	i := slices.IndexFunc(scenarios, func(s *scenario) bool { return s.Name == name })
	return scenarios[i]
}

// claims are the project's goals for speed, as measured. Those that need
// a run that there was not are left out.
func (r *results) claims() []claim {
	var all []claim
	add := func(c claim) {
		if c.value.ok() {
			all = append(all, c)
		}
	}
	ratio := func(goal int, what, in, a, b string, m measurer, bound float64, least bool) {
		add(claim{goal, what, r.ratio(scenarioOf(in), a, b, m), bound, least, "×"})
	}
	number := func(goal int, what, in, peer string, m measurer, bound float64, unit string) {
		add(claim{goal, what, r.figure(scenarioOf(in), peer, m), bound, false, unit})
	}
	for _, in := range []string{"serial", "eight", "plain"} {
		ratio(1, "CPU a delivered record beside slog to discard, "+in, in, "watchtower", "slog", cpu, 1, false)
		ratio(1, "the same with gzip, "+in, in, "watchtower-gzip", "slog", cpu, 1.25, false)
		ratio(1, "CPU beside the SDK's perfect batches, "+in, in, "watchtower", "sdk", cpu, 1./3, false)
		ratio(1, "CPU beside Docker's driver, "+in, in, "watchtower", "moby", cpu, 1./3, false)
	}
	ratio(2, "delivered a second beside the SDK, 8 goroutines", "eight", "watchtower", "sdk", delivered, 3, true)
	ratio(2, "beside Docker's driver", "eight", "watchtower", "moby", delivered, 3, true)
	ratio(2, "beside Python's", "eight", "watchtower", "python", delivered, 30, true)
	ratio(3, "p50 of a paced call beside slog to discard", "paced", "watchtower", "slog", p50, 0.8, false)
	ratio(3, "p99.9", "paced", "watchtower", "slog", p999, 5, false)
	ratio(3, "p50 with gzip", "paced", "watchtower-gzip", "slog", p50, 0.8, false)
	ratio(3, "p99.9 with gzip", "paced", "watchtower-gzip", "slog", p999, 5, false)
	for _, p := range []string{"watchtower", "watchtower-gzip"} {
		for _, in := range []string{"serial", "plain"} {
			number(4, "allocations a record, whole pipeline, "+p+", "+in, in, p, mallocs, 0.1, "")
			number(4, "bytes a record, whole pipeline, "+p+", "+in, in, p, allocBytes, 200, "B")
		}
	}
	for _, p := range []string{"sdk", "moby", "python", "winston"} {
		ratio(5, "delivered a second at 50 ms beside "+p, "latency", "watchtower", p, delivered, 4, true)
	}
	for _, in := range []string{"serial", "eight"} {
		number(6, "lost of 1,000,000 when callers wait, "+in, in, "watchtower", lost, 0, "")
	}
	number(6, "records that the count is wrong by when it drops", "drop", "watchtower", wrong, 0, "")
	number(6, "the same with gzip", "drop", "watchtower-gzip", wrong, 0, "")
	number(7, "lost in an outage of 5 s when callers wait", "outage", "watchtower", lost, 0, "")
	number(7, "peak of memory in it", "outage", "watchtower", peak, 40, "MiB")
	ratio(7, "p99.9 in an outage, when it drops, beside slog to discard", "outagedrop", "watchtower", "slog", p999, 5, false)
	number(7, "records that the count is wrong by", "outagedrop", "watchtower", wrong, 0, "")
	number(8, "Close, healthy, seconds", "paced", "watchtower", closing, 0.1, "s")
	ratio(9, "CPU of SpoolAlways beside no spool, 8 goroutines", "eight", "watchtower-always", "watchtower", cpu, 1.8, false)
	add(claim{9, "CPU of 10 records a minute, above slog's", r.difference("quiet", cpuAll), 50, false, "ms"})
	add(claim{9, "memory of 10 records a minute, above slog's", r.difference("quiet", peak), 2, false, "MiB"})
	number(9, "held by 1,000 idle streams", "idle", "watchtower", held, 8, "MiB")
	return all
}

// wrong is by how many records the handler's own count and the sink's differ.
var wrong measurer = func(_ *drive.Load, o *outcome) (float64, bool) {
	return math.Abs(float64(o.Accepted - o.arrived() - o.Dropped)), o.Accepted > 0
}

// difference is what ours has more than slog to discard.
func (r *results) difference(in string, m measurer) figure {
	s := scenarioOf(in)
	f, beside := r.figure(s, "watchtower", m), r.figure(s, "slog", m)
	if !beside.ok() {
		return figure{}
	}
	f.median, f.low, f.high = f.median-beside.median, f.low-beside.median, f.high-beside.median
	return f
}

func (r *results) goalTable() string {
	var b strings.Builder
	b.WriteString("| goal | what | measured | lowest–highest | bound | |\n|---:|---|---:|---:|---:|---|\n")
	for _, c := range r.claims() {
		sign, verdict := "≤", "met"
		if c.least {
			sign = "≥"
		}
		if !c.met() {
			verdict = "**not met**"
		}
		number := func(v float64) string { return strings.TrimSpace(short(v) + " " + c.unit) }
		goal := fmt.Sprint(c.goal)
		if c.goal > 8 {
			goal = "more"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s–%s | %s %s | %s |\n", goal, c.what,
			number(c.value.median), short(c.value.low), short(c.value.high), sign, number(c.bound), verdict)
	}
	return b.String()
}
