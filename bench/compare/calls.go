package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// A callCost is what one call costs in one run of a benchmark.
type callCost struct {
	Nanos, Bytes, Allocs float64
}

// The benchmarks of single calls, in bench_test.go of the root, are named
// Handle/ATTRS/SHAPE/WHO. Shapes are the logger bare, with attributes and a group
// given beforehand, with the source, and with both.
var (
	callAttrs  = []string{"0Attrs", "5Attrs", "10Attrs"}
	callShapes = []string{"Bare", "With", "Source", "WithSource"}
	callers    = []string{"Walk", "SlogDiscard", "Watchtower"}
)

// measureCalls runs them; every handler in turn, so many times as there are
// rounds.
func measureCalls(r *results, ctx context.Context, c *choice) error {
	calls := map[string][]callCost{}
	for round := range c.rounds {
		fmt.Fprintf(os.Stderr, "calls %d/%d\n", round+1, c.rounds)
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkHandle$/././^("+strings.Join(callers, "|")+")$", "-benchmem", "-benchtime", "300ms", ".")
		cmd.Dir = ".."
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("go test -bench: %w: %s", err, lastLine(out))
		}
		if err := readCalls(out, calls); err != nil {
			return err
		}
	}
	for _, name := range callNames() {
		if len(calls[name]) != c.rounds {
			return fmt.Errorf("BenchmarkHandle has no %s: the names here and in bench_test.go differ", name)
		}
	}
	r.Calls = calls
	return nil
}

// readCalls adds what "go test -bench" printed.
func readCalls(out []byte, calls map[string][]callCost) error {
	in := benchfmt.NewReader(bytes.NewReader(out), "bench")
	for in.Scan() {
		res, ok := in.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		var cost callCost
		for unit, to := range map[string]*float64{"sec/op": &cost.Nanos, "B/op": &cost.Bytes, "allocs/op": &cost.Allocs} {
			v, ok := res.Value(unit)
			if !ok {
				return fmt.Errorf("%s: no %s", res.Name, unit)
			}
			*to = v
		}
		cost.Nanos *= 1e9
		name := string(res.Name.Full())
		if cut := strings.LastIndexByte(name, '-'); cut > 0 {
			if _, err := strconv.Atoi(name[cut+1:]); err == nil { // GOMAXPROCS
				name = name[:cut]
			}
		}
		calls[name] = append(calls[name], cost)
	}
	return in.Err()
}

func callName(attrs, shape, who string) string {
	return "Handle/" + attrs + "/" + shape + "/" + who
}

func callNames() (names []string) {
	for _, attrs := range callAttrs {
		for _, shape := range callShapes {
			for _, who := range callers {
				names = append(names, callName(attrs, shape, who))
			}
		}
	}
	return names
}

// allocations of each round; testing counts them in whole ones, so that what the
// pipeline takes for many records together is not among them.
func (r *results) allocations(attrs, shape, who string) (all []float64) {
	for _, c := range r.Calls[callName(attrs, shape, who)] {
		all = append(all, c.Allocs)
	}
	return all
}

// moreThanWalk is how many allocations a call makes above those of a handler that
// only walks the attributes: the most in each round.
func moreThanWalk(r *results) figure {
	return r.mostAllocations(callAttrs, "Walk")
}

// outright is how many a call with few attributes makes: the most in each round.
func outright(r *results) figure {
	return r.mostAllocations(callAttrs[:2], "")
}

// mostAllocations is over all shapes, above those of somebody else if that is not
// empty.
func (r *results) mostAllocations(attrs []string, above string) figure {
	var rounds []float64
	for _, a := range attrs {
		for _, shape := range callShapes {
			base := r.allocations(a, shape, above)
			for i, n := range r.allocations(a, shape, "Watchtower") {
				if i < len(base) {
					n -= base[i]
				}
				if i == len(rounds) {
					rounds = append(rounds, n)
				}
				rounds[i] = max(rounds[i], n)
			}
		}
	}
	return figureOf(rounds)
}

// callTable has a call a row, and who takes it a column.
func (r *results) callTable() string {
	var b strings.Builder
	b.WriteString("| attributes | logger | only walked | slog to discard | **watchtower** | allocations: walked | slog | **watchtower** |\n|---|---|---:|---:|---:|---:|---:|---:|\n")
	shapes := map[string]string{"Bare": "bare", "With": "with attributes and a group", "Source": "with the source", "WithSource": "with all three"}
	for _, attrs := range callAttrs {
		for _, shape := range callShapes {
			fmt.Fprintf(&b, "| %s | %s |", strings.TrimSuffix(attrs, "Attrs"), shapes[shape])
			for _, who := range callers {
				var nanos []float64
				for _, c := range r.Calls[callName(attrs, shape, who)] {
					nanos = append(nanos, c.Nanos)
				}
				f := figureOf(nanos)
				fmt.Fprintf(&b, " %s |", marked(f, whole(f.median)))
			}
			for _, who := range callers {
				fmt.Fprintf(&b, " %s |", short(figureOf(r.allocations(attrs, shape, who)).median))
			}
			b.WriteByte('\n')
		}
	}
	rounds := len(r.Calls[callName("0Attrs", "Bare", "Walk")])
	return b.String() + "\n" + roundsText(rounds) + r.unusual("calls") + "\n"
}
