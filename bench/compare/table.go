package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
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
	"paced":   {{"p50, ns", p50, whole, "slog"}, {"p99.9, µs", p999, thousandth, "slog"}, {"CPU, ns a record", cpu, whole, "slog"}, {"lost", lost, whole, ""}},
	"latency": {{"delivered, 1,000/s", delivered, thousandth, "sdk"}, {"peak, MiB", peak, whole, ""}, {"lost", lost, whole, ""}},
	"outage": {
		{"lost", lost, whole, ""},
		{"p50, ns", p50, whole, "slog"},
		{"p99.9, µs", p999, thousandth, "slog"},
		{"peak, MiB", peak, whole, ""},
		{"Close, s", closing, short, ""},
	},
	"outagedrop": {{"lost", lost, whole, ""}, {"the peer counts as lost", told, whole, ""}, {"p50, ns", p50, whole, "slog"}, {"p99.9, µs", p999, thousandth, "slog"}, {"peak, MiB", peak, whole, ""}},
	"drop":       {{"lost", lost, whole, ""}, {"the peer counts as lost", told, whole, ""}, {"delivered, 1,000/s", delivered, thousandth, ""}, {"ns a call", perCall, whole, ""}},
	"streams":    working,
	"big":        {{"µs a call", perCall, thousandth, "slog"}, {"CPU, µs a record", cpu, thousandth, "slog"}, {"delivered, 1,000/s", delivered, thousandth, "sdk"}, {"peak, MiB", peak, whole, ""}, {"lost", lost, whole, ""}},
	"flushes":    {{"requests", requests, whole, ""}, {"connections", connections, whole, ""}, {"µs a call", perCall, thousandth, "sdk"}, {"CPU, µs a record", cpu, thousandth, "sdk"}},
	"tls":        {{"CPU, ns a record", cpu, whole, "sdk"}, {"delivered, 1,000/s", delivered, thousandth, "sdk"}, {"peak, MiB", peak, whole, ""}, {"lost", lost, whole, ""}},
	"quiet":      {{"CPU, ms in the minute", cpuAll, short, ""}, {"peak, MiB", peak, short, ""}, {"lost", lost, whole, ""}},
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

var (
	told   measurer = func(l *drive.Load, o *outcome) (float64, bool) { return float64(o.Dropped), o.Accepted > 0 }
	cpuAll measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.CPUSeconds * 1000, true }
)

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
		if why := failed(runs); why != "" {
			fmt.Fprintf(&b, " not measured: %s |\n", strings.ReplaceAll(why, "|", "/"))
			continue
		}
		for _, c := range columns {
			fmt.Fprintf(&b, " %s |", r.cell(s, p, c))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// failed returns why a peer has no figures, if that is so.
func failed(runs []*outcome) (why string) {
	for _, o := range runs {
		if o.Error == "" {
			return ""
		}
		why = o.Error
	}
	return why
}

// cell is one figure: ~ before it if its spread is more than noise.
func (r *results) cell(s *scenario, peer string, c column) string {
	f := r.figure(s, peer, c.Measure)
	if !f.ok() {
		return "–"
	}
	text := c.Format(f.median)
	if f.spread() > noise && f.median > 1 {
		text = "~" + text
	}
	if c.Beside != "" {
		if ratio := r.ratio(s, peer, c.Beside, c.Measure); ratio.ok() {
			text += " (" + times(ratio.median) + ")"
		}
	}
	return text
}

// titles of those whose name does not say it.
var titles = map[string]string{
	"slog": "slog.JSONHandler to discard", "zerolog": "zerolog to discard", "zap": "zap to discard", "phuslu": "phuslu/log to discard",
	"watchtower": "**watchtower**, not compressed", "watchtower-gzip": "**watchtower**, as it comes (gzip)",
	"watchtower-spool": "**watchtower**, SpoolOnFailure", "watchtower-always": "**watchtower**, SpoolAlways", "watchtower-yaml": "**watchtower**, set up by YAML",
	"sdk": "AWS SDK, perfect batches by hand", "sdk-one": "AWS SDK, one event a call", "moby": "Docker's awslogs driver",
	"python": "Python: logging and boto3 by hand", "winston": "Node: winston-cloudwatch",
}

func titleOf(peer string) string {
	if t, ok := titles[peer]; ok {
		return t
	}
	return peer
}

func times(v float64) string { return fmt.Sprintf("%.3g×", v) }

func short(v float64) string { return fmt.Sprintf("%.3g", v) }

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
	fmt.Fprintf(w, "\n%s", r.goalTable())
}
