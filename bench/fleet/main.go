// Fleet simulates when 10,000 hosts send their logs to one account, and writes
// plots and tables of it.
//
// It is the evidence for the library's defaults; docs/fleet.md tells what it
// models and what was chosen. Run it from bench/:
//
//	go run ./fleet -out ../docs/fleet
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// policies are compared in every scenario and at all loads; variants of ours at
// one load only.
var policies = []policy{naive, hasty, draft, ours}

// loads are records a second and host.
var loads = []float64{1, 20, 500}

// variantLoad is that of the variants and the plots.
const variantLoad = 20

// A key names a run.
type key struct {
	scenario *scenario
	policy   string
	load     float64
}

func main() {
	out := flag.String("out", ".", "folder for the plots and tables.md")
	hosts := flag.Int("hosts", 1000, "hosts to simulate; quotas and counts are scaled to 10,000")
	seed := flag.Uint64("seed", 1, "seed of everything random")
	flag.Parse()
	if err := write(*out, *hosts, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// write runs everything and writes it into a folder.
func write(out string, hosts int, seed uint64) error {
	results := runAll(hosts, seed)
	files := map[string]string{"tables.md": tables(hosts, seed, results), "loss.svg": lossPlot(results)}
	for _, sc := range events {
		files[sc.Name+".svg"] = eventPlot(sc, results)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// runAll makes all runs, as many at a time as there are processors. Each has
// its own generator, so that the order doesn't matter.
func runAll(hosts int, seed uint64) map[key]*measure {
	var (
		mu      sync.Mutex
		wg      sync.WaitGroup
		results = make(map[key]*measure)
		places  = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	start := func(sc *scenario, p policy, load float64) {
		wg.Go(func() {
			places <- struct{}{}
			m := run(sc, p, hosts, load, seed)
			<-places
			mu.Lock()
			results[key{sc, p.Name, load}] = m
			mu.Unlock()
		})
	}
	for _, sc := range append(events, &restart) {
		for _, load := range loads {
			for _, p := range policies {
				start(sc, p, load)
			}
		}
		for _, v := range variants {
			start(sc, ours.but(v.what, v.change), variantLoad)
		}
	}
	for _, v := range lossy {
		start(&outage, ours.but(v.what, v.change), lossyLoad)
	}
	wg.Wait()
	return results
}

// tables returns all tables as one page.
func tables(hosts int, seed uint64, results map[key]*measure) string {
	var b strings.Builder
	b.WriteString("# Tables of the fleet simulation\n\n")
	fmt.Fprintf(&b, "Written by `go run ./fleet -hosts %d -seed %d`; [fleet.md](../fleet.md) says what it means. "+
		"Counts are for 10,000 hosts. Refused: throttled or failed. Delay: from the record to its delivery, of the records that were "+
		"delivered. Recovered: fewer than 1 %% of the records that arrive are older than %d s, for good.\n\n", hosts, seed, late)
	for _, sc := range append(events, &restart) {
		b.WriteString(policyTable(sc, results) + "\n")
	}
	for i, sc := range append(events, &restart) {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(variantTable(sc, results))
	}
	b.WriteString("\n" + lossyTable(results))
	return b.String()
}
