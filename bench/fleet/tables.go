package main

import (
	"fmt"
	"math"
	"strings"
)

// columns are the head of every table.
const columns = "requests/s in the event | of these refused | highest second | highest second after | p50 | p99 | lost | recovered after |\n"

// row formats what a run amounts to.
func row(m *measure) string {
	sc := m.scenario
	recovered := "not in this run"
	if r := m.recovered(); !math.IsInf(r, 1) {
		recovered = fmt.Sprintf("%.0f s", r)
	}
	return fmt.Sprintf("%s | %s | %s | %s | %s | %s | %s | %s |\n",
		thousands(m.mean(sc.From, sc.To, (*second).offered)),
		thousands(m.mean(sc.From, sc.To, (*second).refused)),
		thousands(m.peak(sc.From, sc.To)),
		thousands(m.peak(sc.To, sc.Length)),
		seconds(m.delay(0.5)), seconds(m.delay(0.99)),
		percent(m.loss()), recovered)
}

// policyTable compares the policies at each rate of records.
func policyTable(sc *scenario, results map[key]*measure) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n| records/s a host | policy | %s|---|---|---|---|---|---|---|---|---|---|\n", sc.Title, columns)
	for _, load := range loads {
		for _, p := range policies {
			fmt.Fprintf(&b, "| %v | %s | %s", load, p.Name, row(results[key{sc, p.Name, load}]))
		}
	}
	return b.String()
}

// variantTable shows what each choice is worth. Variants that a scenario cannot
// tell apart from what was chosen are left out.
func variantTable(sc *scenario, results map[key]*measure) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Variants: %s\n\n| changed | %s|---|---|---|---|---|---|---|---|---|\n", sc.Title, columns)
	chosen := row(results[key{sc, asChosen, variantLoad}])
	for _, v := range variants {
		if r := row(results[key{sc, v.what, variantLoad}]); v.what == asChosen || r != chosen {
			fmt.Fprintf(&b, "| %s | %s", v.what, r)
		}
	}
	return b.String()
}

// lossyTable is that of an outage in which hosts drop records.
func lossyTable(results map[key]*measure) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## Variants: An outage at %d records a second\n\n| changed | %s|---|---|---|---|---|---|---|---|---|\n", lossyLoad, columns)
	for _, v := range lossy {
		fmt.Fprintf(&b, "| %s | %s", v.what, row(results[key{&outage, v.what, lossyLoad}]))
	}
	return b.String()
}

// thousands formats a count to three digits, which is all that a model is worth.
func thousands(n float64) string {
	if n >= 1000 {
		unit := math.Pow(10, math.Floor(math.Log10(n))-2)
		n = math.Round(n/unit) * unit
		return fmt.Sprintf("%d,%03d", int(n)/1000, int(n)%1000)
	}
	return fmt.Sprintf("%.0f", n)
}

func seconds(s float64) string {
	if s < 10 {
		return fmt.Sprintf("%.1f s", s)
	}
	return fmt.Sprintf("%.0f s", s)
}

func percent(part float64) string {
	if part < 1e-9 {
		return "0"
	}
	return fmt.Sprintf("%.2g %%", 100*part)
}
