package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// results are all runs, by scenario and peer, in the order of the rounds.
type results struct {
	Machine  machine
	Versions map[string]string // of the peers, by the program that they are in
	Origins  map[string]origin // by scenario or extra
	Runs     map[string]map[string][]*outcome
	Calls    map[string][]callCost // by the name of the benchmark; nil if there were none
	Steps    map[string][]float64  // by peer, as in steps; nil if they were not measured
	Floor    *floor                // beside these
}

func noResults() *results {
	return &results{Versions: map[string]string{}, Origins: map[string]origin{}, Runs: map[string]map[string][]*outcome{}}
}

// earlier returns what was measured before on this machine and is kept beside
// performance.md, so that a part can be measured again; nothing if there is none,
// or if it is to be given up. What another machine has measured is an error.
func earlier(out string, fresh bool) (*results, error) {
	here := noResults()
	here.Machine = thisMachine()
	if out == "" || fresh {
		return here, nil
	}
	name := filepath.Join(out, "performance", "results.json")
	r, err := readResults(name)
	if errors.Is(err, fs.ErrNotExist) {
		return here, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w; -fresh gives up what it has (make bench FRESH=1)", err)
	}
	if !r.Machine.same(here.Machine) {
		return nil, fmt.Errorf("%s is of another machine (%s) than this (%s), and one page is of one machine: "+
			"print only, without -out (make bench OUT=), or write to a copy of the folder with -out, or give up what is there with -fresh (make bench FRESH=1)",
			name, r.Machine.name(), here.Machine.name())
	}
	r.moveTo(here.Machine)
	return r, nil
}

// moveTo makes a machine that is the same but for its software the one of the
// results. What was measured before keeps the software that it was measured with.
func (r *results) moveTo(m machine) {
	was := r.Machine.software()
	r.Machine = m
	if was == m.software() {
		return
	}
	parts := slices.Collect(maps.Keys(r.Runs))
	if r.Calls != nil {
		parts = append(parts, "calls")
	}
	if r.Steps != nil {
		parts = append(parts, "steps")
	}
	for _, part := range parts {
		if o := r.Origins[part]; o.With == "" {
			o.With = was
			r.Origins[part] = o
		}
	}
}

func readResults(name string) (*results, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := noResults()
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// A figure is a median over rounds with its spread.
type figure struct {
	median, low, high float64
	rounds            []float64
}

// ok says that there is one.
func (f figure) ok() bool { return len(f.rounds) > 0 }

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
	return figure{median: (v[(len(v)-1)/2] + v[len(v)/2]) / 2, low: v[0], high: v[len(v)-1], rounds: values}
}

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
	return r.pairs(s, a, b, m, func(va, vb float64) (float64, bool) { return va / vb, vb != 0 })
}

// difference is the same for what one has more than the other.
func (r *results) difference(s *scenario, a, b string, m measurer) figure {
	return r.pairs(s, a, b, m, func(va, vb float64) (float64, bool) { return va - vb, true })
}

func (r *results) pairs(s *scenario, a, b string, m measurer, of func(va, vb float64) (float64, bool)) figure {
	runsA, runsB := r.Runs[s.Name][a], r.Runs[s.Name][b]
	var values []float64
	for i := range min(len(runsA), len(runsB)) {
		if runsA[i].Error != "" || runsB[i].Error != "" || runsA[i].Earlier != runsB[i].Earlier {
			continue
		}
		va, okA := m(s.loadOf(a), runsA[i])
		vb, okB := m(s.loadOf(b), runsB[i])
		if v, ok := of(va, vb); ok && okA && okB {
			values = append(values, v)
		}
	}
	return figureOf(values)
}
