package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// A column is one measure in a table.
type column struct {
	Head    string
	Measure measurer
	Format  func(float64) string
	// Beside, if not empty, is the peer whose figure this one is set against:
	// the ratio stands in parentheses.
	Beside string
}

// columnsOf are the columns of the scenarios' tables.
var columnsOf = map[string][]column{
	"serial":  working,
	"eight":   working,
	"plain":   working,
	"paced":   {{"p50, ns", p50, whole, "slog"}, {"p99.9, µs", p999, thousandth, "slog"}, {"the longest, ms", longest, short, ""}, {"CPU, ns a record", cpu, whole, "slog"}, {"lost", lost, whole, ""}},
	"latency": {{"delivered, 1,000/s", delivered, thousandth, "sdk"}, {"peak, MiB", peak, whole, ""}, {"lost", lost, whole, ""}},
	"far":     {{"p50, ns", p50, whole, "slog"}, {"p99.9, µs", p999, thousandth, "slog"}, {"the longest, ms", longest, short, ""}, {"Close, s", closing, short, ""}, {"lost", lost, whole, ""}},
	"outage": {
		{"lost", lost, whole, ""},
		{"p50, ns", p50, whole, "slog"},
		{"p99.9, µs", p999, thousandth, "slog"},
		{"the longest, ms", longest, short, ""},
		{"peak, MiB", peak, whole, ""},
		{"Close, s", closing, short, ""},
	},
	"outagedrop": {{"lost", lost, whole, ""}, {"the peer counts as lost", told, whole, ""}, {"p50, ns", p50, whole, "slog"}, {"p99.9, µs", p999, thousandth, "slog"}, {"peak, MiB", peak, whole, ""}},
	"drop":       {{"lost", lost, whole, ""}, {"the peer counts as lost", told, whole, ""}, {"delivered, 1,000/s", delivered, thousandth, ""}, {"ns a call", perCall, whole, ""}},
	"streams":    working,
	"big":        {{"µs a call", perCall, thousandth, "slog"}, {"CPU, µs a record", cpu, thousandth, "slog"}, {"delivered, 1,000/s", delivered, thousandth, "sdk"}, {"peak, MiB", peak, whole, ""}, {"lost", lost, whole, ""}},
	"flushes":    {{"requests", requests, whole, ""}, {"connections", connections, whole, ""}, {"µs a call", perCall, thousandth, "sdk"}, {"CPU, µs a record", cpu, thousandth, "sdk"}},
	"tls":        {{"CPU, ns a record", cpu, whole, "sdk"}, {"delivered, 1,000/s", delivered, thousandth, "sdk"}, {"peak, MiB", peak, whole, ""}, {"lost", lost, whole, ""}},
	"quiet":      {{"CPU, ms in the minute", cpuAll, short, ""}, {"peak, MiB", peak, short, ""}, {"without pages of code, MiB", anonymous, short, ""}, {"lost", lost, whole, ""}},
	"idle":       {{"held, MiB", held, short, ""}, {"peak, MiB", peak, whole, ""}},
}

var working = []column{
	{"ns a call", perCall, whole, "slog"},
	{"CPU, ns a record", cpu, whole, "slog"},
	{"allocations a record", mallocs, short, ""},
	{"bytes a record", allocBytes, whole, ""},
	{"delivered, 1,000/s", delivered, thousandth, "sdk"},
	{"peak, MiB", peak, whole, ""},
	{"lost", lost, whole, ""},
}

// table is a scenario as a Markdown table: a peer a row.
func (r *results) table(s *scenario) string {
	var b strings.Builder
	columns := columnsOf[s.Name]
	b.WriteString("| |")
	for _, c := range columns {
		fmt.Fprintf(&b, " %s |", c.Head)
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(columns)) + "\n")
	for _, p := range s.Peers {
		runs := r.Runs[s.Name][p]
		if len(runs) == 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s |", titleOf(p))
		if n, why := failed(runs); n == len(runs) {
			fmt.Fprintf(&b, " not measured: %s |\n", why)
			continue
		}
		for _, c := range columns {
			fmt.Fprintf(&b, " %s |", r.cell(s, p, c))
		}
		b.WriteByte('\n')
	}
	return b.String() + "\n" + r.caption(s)
}

// failed returns how many runs have no figures, and why the last of them has
// none.
func failed(runs []*outcome) (n int, why string) {
	for _, o := range runs {
		if o.Error != "" {
			n, why = n+1, strings.NewReplacer("|", "/", "\n", " ").Replace(o.Error)
		}
	}
	return n, why
}

// caption says what a scenario is, how many rounds its figures are of, which of them are
// missing, and where they come from.
func (r *results) caption(s *scenario) string {
	rounds, left := 0, ""
	for _, p := range s.Peers {
		runs := r.Runs[s.Name][p]
		rounds = max(rounds, len(runs))
		if n, why := failed(runs); 0 < n && n < len(runs) {
			left += fmt.Sprintf(" Without %d of %d runs of %s, which failed: %s.", n, len(runs), strings.ReplaceAll(titleOf(p), "*", ""), why)
		}
	}
	for _, p := range s.Peers {
		if runs := r.Runs[s.Name][p]; len(runs) > 0 && runs[0].Earlier != "" {
			left += fmt.Sprintf(" %s was missing; its row was measured before (%s), so that it has no ratios.", strings.ReplaceAll(titleOf(p), "*", ""), runs[0].Earlier)
		}
	}
	return fmt.Sprintf("%s; %s records. %s%s%s\n", s.Title, whole(float64(s.Records)), roundsText(rounds), r.unusual(s.Name), left)
}

func roundsText(n int) string {
	if n == 1 {
		return "One round, so that nothing is known of the noise."
	}
	return fmt.Sprintf("%d rounds.", n)
}

// cell is one figure, and what it is beside another.
func (r *results) cell(s *scenario, peer string, c column) string {
	f := r.figure(s, peer, c.Measure)
	if !f.ok() {
		return "–"
	}
	text := marked(f, c.Format(f.median))
	if c.Beside != "" {
		if ratio := r.ratio(s, peer, c.Beside, c.Measure); ratio.ok() {
			text += " (" + marked(ratio, times(ratio.median)) + ")"
		}
	}
	return text
}

// marked puts ~ before a figure whose spread is more than noise. What is nothing
// to speak of has no spread to speak of: ten allocations among a million.
func marked(f figure, text string) string {
	if f.spread() > noise && f.median > 0.01 {
		return "~" + text
	}
	return text
}

// titles of those whose name does not say it.
var titles = map[string]string{
	"slog": "slog.JSONHandler to discard", "zerolog": "zerolog to discard", "zap": "zap to discard", "phuslu": "phuslu/log to discard",
	"watchtower": "**watchtower**, not compressed", "watchtower-gzip": "**watchtower**, as it comes (gzip)",
	"watchtower-spool": "**watchtower**, SpoolOnFailure", "watchtower-always": "**watchtower**, SpoolAlways", "watchtower-yaml": "**watchtower**, set up by YAML",
	"watchtower-oldest": "**watchtower**, DropOldest", "watchtower-lowest": "**watchtower**, DropLowestLevel",
	"sdk": "AWS SDK, perfect batches by hand", "sdk-four": "AWS SDK, the same, four under way", "sdk-one": "AWS SDK, one event a call", "moby": "Docker's awslogs driver",
	"python": "Python: logging and boto3 by hand", "winston": "Node: winston-cloudwatch",
}

func titleOf(peer string) string {
	if t, ok := titles[peer]; ok {
		return t
	}
	return peer
}

func times(v float64) string { return fmt.Sprintf("%.3g×", v) }

func short(v float64) string {
	switch a := math.Abs(v); {
	case a >= 999.5: // which three digits would write as 1e+03
		return whole(v)
	case a < 1e-4: // nothing to speak of: ten allocations among a million
		return "0"
	}
	return fmt.Sprintf("%.3g", v)
}

func thousandth(v float64) string {
	if v /= 1000; v < 100 {
		return fmt.Sprintf("%.3g", v)
	}
	return whole(v)
}

// whole has commas between the thousands.
func whole(v float64) string {
	digits := fmt.Sprintf("%.0f", math.Abs(v))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if v <= -0.5 {
		return "-" + digits
	}
	return digits
}

func (r *results) print(w io.Writer) {
	for _, s := range scenarios {
		if len(r.Runs[s.Name]) > 0 && columnsOf[s.Name] != nil {
			fmt.Fprintf(w, "\n%s: %s\n\n%s", s.Name, s.Title, r.table(s))
		}
	}
	if r.Steps != nil {
		fmt.Fprintf(w, "\nsteps, in ns of CPU a record\n\n%s", r.stepTable())
	}
	if r.Calls != nil {
		fmt.Fprintf(w, "\ncalls, in ns\n\n%s", r.callTable())
	}
	fmt.Fprintf(w, "\n%s\n%s", r.goalTable(false), r.unmet())
}
