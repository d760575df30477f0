package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// results are all runs, by scenario and peer, in the order of the rounds.
type results struct {
	Machine machine
	Runs    map[string]map[string][]*outcome
	Steps   map[string][]float64 // by peer, as in steps; nil if they were not measured
}

// A machine is where it was measured.
type machine struct {
	Day, CPU, System, Go string
	Cores                int
}

func thisMachine() machine {
	m := machine{Day: time.Now().UTC().Format(time.DateOnly), Cores: runtime.NumCPU(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		_, rest, _ := strings.Cut(string(info), "model name")
		line, _, _ := strings.Cut(strings.TrimLeft(rest, "\t :"), "\n")
		m.CPU = line
	}
	if release, err := exec.Command("uname", "-sr").Output(); err == nil {
		m.System += ", " + strings.TrimSpace(string(release))
	}
	return m
}

// earlier returns what was measured before on this machine and is kept beside
// performance.md, so that a part can be measured again; nothing if there is none.
func earlier(out string) results {
	here := results{Machine: thisMachine(), Runs: map[string]map[string][]*outcome{}}
	if out == "" {
		return here
	}
	r, err := readResults(filepath.Join(out, "performance", "results.json"))
	before := r.Machine
	before.Day = here.Machine.Day
	if err != nil || before != here.Machine {
		return here
	}
	r.Machine = here.Machine
	return r
}

func readResults(name string) (r results, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// A figure is a median over rounds with its spread.
type figure struct {
	median, low, high float64
	n                 int
}

// ok says that there is one.
func (f figure) ok() bool { return f.n > 0 }

// spread is the distance from the lowest to the highest, as a part of the
// median.
func (f figure) spread() float64 {
	if f.median == 0 {
		return 0
	}
	return (f.high - f.low) / f.median
}

// noise is a spread from which on a figure is marked: what it says is less than
// what the machine did by itself.
const noise = 0.25

func figureOf(values []float64) figure {
	if len(values) == 0 {
		return figure{}
	}
	v := slices.Sorted(slices.Values(values))
	return figure{median: (v[(len(v)-1)/2] + v[len(v)/2]) / 2, low: v[0], high: v[len(v)-1], n: len(v)}
}

// A measure takes one number from a run; ok is false if it has none.
type measurer func(l *drive.Load, o *outcome) (v float64, ok bool)

// figure is the median of what the runs of a peer have.
func (r *results) figure(s *scenario, peer string, m measurer) figure {
	var values []float64
	for _, o := range r.Runs[s.Name][peer] {
		if v, ok := m(s.loadOf(peer), o); ok && o.Error == "" {
			values = append(values, v)
		}
	}
	return figureOf(values)
}

// ratio is the median of the ratios of two peers' runs of the same round, which
// the machine's own ups and downs touch less than they touch the figures.
func (r *results) ratio(s *scenario, a, b string, m measurer) figure {
	runsA, runsB := r.Runs[s.Name][a], r.Runs[s.Name][b]
	var values []float64
	for i := range min(len(runsA), len(runsB)) {
		if runsA[i].Error != "" || runsB[i].Error != "" {
			continue
		}
		va, okA := m(s.loadOf(a), runsA[i])
		vb, okB := m(s.loadOf(b), runsB[i])
		if okA && okB && vb != 0 {
			values = append(values, va/vb)
		}
	}
	return figureOf(values)
}

// What is measured.
var (
	perCall measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return o.CallSeconds * 1e9 / float64(l.Records), l.Rate == 0
	}
	// cpu is per record: delivered, or written to nowhere.
	cpu measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		n := o.arrived()
		if n == 0 && o.Sink.Requests == 0 {
			n = int64(l.Records)
		}
		return o.CPUSeconds * 1e9 / float64(max(1, n)), n > 0
	}
	delivered measurer = func(_ *drive.Load, o *outcome) (float64, bool) {
		return float64(o.Sink.Events) / (o.CallSeconds + o.CloseSeconds), o.Sink.Requests > 0
	}
	mallocs measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return float64(o.Mallocs) / float64(l.Records), o.Mallocs > 0
	}
	allocBytes measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return float64(o.AllocBytes) / float64(l.Records), o.Mallocs > 0
	}
	peak measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return float64(o.PeakRSS) / (1 << 20), o.PeakRSS > 0 }
	held measurer = func(l *drive.Load, o *outcome) (float64, bool) { return float64(o.HeapBytes) / (1 << 20), l.Idle }
	p50  measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.P50, o.Max > 0 }
	p999 measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.P999, o.Max > 0 }
	lost measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return float64(int64(l.Records) - o.arrived()), o.Sink.Requests > 0
	}
	closing     measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.CloseSeconds, o.Sink.Requests > 0 }
	connections measurer = func(_ *drive.Load, o *outcome) (float64, bool) {
		return float64(o.Sink.Connections), o.Sink.Requests > 0
	}
	requests measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return float64(o.Sink.Requests), o.Sink.Requests > 0 }
)
