//go:build chaos && unix

package chaos

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// killsOfRun is how many kills a run takes.
const killsOfRun = 10

// TestChaosLosesNothing kills clients and servers, breaks everything between
// them, and compares what each process knew with what the store has.
func TestChaosLosesNothing(t *testing.T) {
	kills := variable(t, "KILLS", 100)
	seed := variable(t, "SEED", uint64(time.Now().UnixNano()%1_000_000))
	fmt.Printf("chaos: %d kills, SEED=%d\n", kills, seed)
	var broken []string // told once more at the end, where somebody looks
	t.Cleanup(func() {
		if t.Failed() {
			for _, text := range broken {
				fmt.Print(text)
			}
			fmt.Printf("chaos: failed; replay with KILLS=%d SEED=%d make chaos\n", kills, seed)
		}
	})
	var mu sync.Mutex
	byMode, total, began := map[string]*tally{}, tally{mode: "all"}, time.Now()
	t.Run("runs", func(t *testing.T) {
		for i := 0; uint64(i*killsOfRun) < kills; i++ {
			m := modes[i%len(modes)]
			t.Run(fmt.Sprintf("%03d-%s", i, m.name), func(t *testing.T) {
				t.Parallel()
				r := newRun(t, m, seed, i)
				r.run(min(killsOfRun, int(kills)-i*killsOfRun))
				mu.Lock()
				defer mu.Unlock()
				for _, text := range r.broken {
					broken = append(broken, fmt.Sprintf("chaos: %s: %s\n", t.Name(), text))
				}
				if byMode[m.name] == nil {
					byMode[m.name] = &tally{mode: m.name}
				}
				byMode[m.name].add(r.tally)
				total.add(r.tally)
			})
		}
	})
	var rows []tally
	for _, m := range modes {
		if row := byMode[m.name]; row != nil {
			rows = append(rows, *row)
			delete(byMode, m.name)
		}
	}
	total.took = time.Since(began)
	fmt.Printf("chaos: SEED=%d\n%s", seed, table(append(rows, total)))
}

// variable reads a number from the environment.
func variable(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
