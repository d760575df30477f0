package main

import (
	"fmt"
	"slices"
	"strings"
)

// A goal is one thing that the project wants to be true of a run: a number and a
// bound. Those that are the project's, 1 to 8, come with all their clauses.
type goal struct {
	number int // 9 is what is wanted besides
	what   string
	value  func(*results) figure
	rule   rule
	bound  float64
	unit   string
	why    string // it is not met, if it is not; see reasons
}

// A rule is how a value is held against a bound.
type rule int

const (
	most  rule = iota // the median is at most the bound
	least             // the median is at least the bound
	each              // every round is at most the bound: for what must never be
)

// holds says whether one value does.
func (g *goal) holds(v float64) bool {
	if g.rule == least {
		return v >= g.bound
	}
	return v <= g.bound
}

const notMet = "**not met**"

// verdict says whether the goal is met, and in how many rounds if not in all, or
// that there was but one.
func (g *goal) verdict(f figure) string {
	if !f.ok() {
		return "not measured"
	}
	n := 0
	for _, v := range f.rounds {
		if g.holds(v) {
			n++
		}
	}
	if len(f.rounds) == 1 {
		return map[bool]string{true: "met", false: notMet}[n == 1] + " (one round)"
	}
	switch met := g.rule != each && g.holds(f.median); {
	case n == len(f.rounds):
		return "met"
	case met:
		return fmt.Sprintf("met (in %d of %d rounds)", n, len(f.rounds))
	case n > 0:
		return fmt.Sprintf("%s (met in %d of %d rounds)", notMet, n, len(f.rounds))
	}
	return notMet
}

func scenarioOf(name string) *scenario {
	i := slices.IndexFunc(scenarios, func(s *scenario) bool { return s.Name == name })
	return scenarios[i]
}

func ratioOf(in, a, b string, m measurer) func(*results) figure {
	return func(r *results) figure { return r.ratio(scenarioOf(in), a, b, m) }
}

func figureIn(in, peer string, m measurer) func(*results) figure {
	return func(r *results) figure { return r.figure(scenarioOf(in), peer, m) }
}

func aboveSlog(in string, m measurer) func(*results) figure {
	return func(r *results) figure { return r.difference(scenarioOf(in), "watchtower", "slog", m) }
}

// goals are all of them, in the order of the page.
var goals = slices.Concat(
	cheap("serial"), cheap("eight"), cheap("plain"), fast, quick, lean, far, exact, steady, besides,
)

// cheap is goal 1 in a scenario.
func cheap(in string) []goal {
	return []goal{
		{1, "CPU a delivered record beside slog to discard, " + in, ratioOf(in, "watchtower", "slog", cpu), most, 1, "×", "cpu " + in},
		{1, "CPU beside slog to discard, gzip, " + in, ratioOf(in, "watchtower-gzip", "slog", cpu), most, 1.25, "×", "cpu " + in},
		{1, "CPU beside the SDK's perfect batches, " + in, ratioOf(in, "watchtower", "sdk", cpu), most, 1. / 3, "×", "cpu " + in},
		{1, "CPU beside Docker's driver, " + in, ratioOf(in, "watchtower", "moby", cpu), most, 1. / 3, "×", "cpu " + in},
	}
}

var fast = []goal{
	{2, "delivered a second beside the SDK, 8 goroutines", ratioOf("eight", "watchtower", "sdk", delivered), least, 3, "×", ""},
	{2, "beside Docker's driver", ratioOf("eight", "watchtower", "moby", delivered), least, 3, "×", ""},
	{2, "beside Python's", ratioOf("eight", "watchtower", "python", delivered), least, 30, "×", ""},
}

var quick = []goal{
	{3, "p50 of a paced call beside slog to discard", ratioOf("paced", "watchtower", "slog", p50), most, 0.8, "×", ""},
	{3, "p99.9 of a paced call", ratioOf("paced", "watchtower", "slog", p999), most, 5, "×", ""},
	{3, "p50 of a paced call, gzip", ratioOf("paced", "watchtower-gzip", "slog", p50), most, 0.8, "×", ""},
	{3, "p99.9 of a paced call, gzip", ratioOf("paced", "watchtower-gzip", "slog", p999), most, 5, "×", ""},
	{3, "a call never sends: the longest when each answer takes 50 ms", figureIn("far", "watchtower", longest), most, 50, "ms", "never sends"},
	{3, "the longest call when each answer takes 50 ms, gzip", figureIn("far", "watchtower-gzip", longest), most, 50, "ms", "never sends"},
}

var lean = func() (all []goal) {
	all = append(all,
		goal{4, "allocations of a call above a handler that only walks the attributes, at the most", moreThanWalk, each, 0, "", ""},
		goal{4, "allocations of a call with 0 or 5 attributes, at the most", outright, each, 0, "", ""})
	for _, p := range []string{"watchtower", "watchtower-gzip"} {
		for _, in := range []string{"serial", "plain"} {
			all = append(all,
				goal{4, "allocations a record, whole pipeline, " + p + ", " + in, figureIn(in, p, mallocs), most, 0.1, "", "allocations"},
				goal{4, "bytes a record, whole pipeline, " + p + ", " + in, figureIn(in, p, allocBytes), most, 200, "B", "allocations"})
		}
	}
	return all
}()

var far = func() (all []goal) {
	for _, p := range []string{"sdk", "moby", "python", "winston"} {
		all = append(all, goal{5, "delivered a second at 50 ms beside " + p, ratioOf("latency", "watchtower", p, delivered), least, 4, "×", ""})
	}
	return all
}()

// droppers are ours with each of the policies that drop; the compressed one has
// the first of them, too.
var droppers = []string{"watchtower", "watchtower-gzip", "watchtower-oldest", "watchtower-lowest"}

var exact = func() (all []goal) {
	for _, in := range []string{"serial", "eight"} {
		for _, p := range []string{"watchtower", "watchtower-gzip"} {
			all = append(all, goal{6, "lost of 1,000,000 when callers wait, " + p + ", " + in, figureIn(in, p, unequal), each, 0, "", ""})
		}
	}
	for _, p := range droppers {
		all = append(all, goal{6, "records that the count is wrong by when it drops, " + p, figureIn("drop", p, wrong), each, 0, "", ""})
	}
	return all
}()

var steady = func() (all []goal) {
	all = append(all,
		goal{7, "lost in an outage of 5 s when callers wait", figureIn("outage", "watchtower", unequal), each, 0, "", ""},
		goal{7, "lost in an outage of 5 s when callers wait, gzip", figureIn("outage", "watchtower-gzip", unequal), each, 0, "", ""},
		goal{7, "peak of memory in an outage of 5 s when callers wait", figureIn("outage", "watchtower", peak), most, 40, "MiB", "outage memory"},
		goal{7, "peak of memory in an outage of 5 s when callers wait, gzip", figureIn("outage", "watchtower-gzip", peak), most, 40, "MiB", "outage memory"})
	for _, p := range droppers {
		all = append(all,
			goal{7, "p99.9 in an outage, when it drops, beside slog to discard, " + p, ratioOf("outagedrop", p, "slog", p999), most, 5, "×", ""},
			goal{7, "records that the count is wrong by in an outage, " + p, figureIn("outagedrop", p, wrong), each, 0, "", ""})
	}
	return append(all,
		goal{8, "Close, healthy, answers at once", figureIn("paced", "watchtower", closing), most, 0.1, "s", "close"},
		goal{8, "Close, healthy, each answer takes 50 ms", figureIn("far", "watchtower", closing), most, 0.15, "s", "close"},
		goal{8, "Close, healthy, each answer takes 50 ms, gzip", figureIn("far", "watchtower-gzip", closing), most, 0.15, "s", "close"})
}()

var besides = []goal{
	{9, "CPU of SpoolAlways beside no spool, 8 goroutines", ratioOf("eight", "watchtower-always", "watchtower", cpu), most, 1.8, "×", "spool"},
	{9, "connections that 2,000 small flushes open", figureIn("flushes", "watchtower", connections), each, 1, "", ""},
	{9, "CPU of 10 records a minute, above slog's (50 ms are 0.08 % of a core)", aboveSlog("quiet", cpuAll), most, 50, "ms", "quiet"},
	{9, "memory of 10 records a minute, above slog's, pages of program code included", aboveSlog("quiet", peak), most, 2, "MiB", "quiet"},
	{9, "memory of 10 records a minute, above slog's, without pages of code", aboveSlog("quiet", anonymous), most, 2, "MiB", "quiet"},
	{9, "held by 1,000 idle streams", figureIn("idle", "watchtower", held), most, 8, "MiB", ""},
}

// signs of the rules, in the table of goals.
var signs = map[rule]string{most: "≤", least: "≥", each: "always ≤"}

// goalTable has all goals, or those that were measured.
func (r *results) goalTable(all bool) string {
	var b strings.Builder
	b.WriteString("| goal | what | measured | lowest–highest | bound | |\n|---:|---|---:|---:|---:|---|\n")
	for _, g := range goals {
		f := g.value(r)
		if !f.ok() && !all {
			continue
		}
		name := fmt.Sprint(g.number)
		if g.number > 8 {
			name = "more"
		}
		measured, spread := "–", "–"
		if f.ok() {
			measured, spread = g.text(f.median), short(f.low)+"–"+short(f.high)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s %s | %s |\n", name, g.what, measured, spread, signs[g.rule], g.text(g.bound), g.verdict(f))
	}
	return b.String()
}

// text is a number with the goal's unit.
func (g *goal) text(v float64) string { return strings.TrimSpace(short(v) + " " + g.unit) }
