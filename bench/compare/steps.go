package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// A step is a part of the way of a record, found in a profile by the names of
// functions.
type step struct {
	name  string
	parts []string             // of names of functions
	floor func(*floor) float64 // nil if the floor has no such step
}

// steps are looked for from the innermost function of a stack outwards; the first
// that has a name of it takes the sample.
var steps = []step{
	{"slog front end: callers, time, record", []string{"log/slog."}, func(f *floor) float64 { return f.Front }},
	{"format and escape into the body", []string{"/internal/encode."}, func(f *floor) float64 { return f.Format }},
	{"handler, log stream's name", []string{"watchtower.(*Handler)", "watchtower.(*core)", "/internal/streamname."}, nil},
	{"queue", []string{"/internal/queue."}, nil},
	{"batch: copy into the body", []string{"/internal/batch."}, nil},
	{"compress", []string{"klauspost/compress/"}, func(f *floor) float64 { return f.Compress }},
	{"ledger, owner", []string{"/internal/ledger.", "/internal/engine."}, nil},
	{"SHA-256 of the body", []string{"/sha256."}, func(f *floor) float64 { return f.SHA }},
	{"POST", []string{"net/http.", "net.(*conn)", "internal/poll."}, func(f *floor) float64 { return f.Post }},
	{"SDK: signing, middleware", []string{"/aws-sdk-go-v2/", "/smithy-go/", "/internal/deliver."}, nil},
	{"garbage collector", []string{"runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge"}, nil},
	{"scheduler", nil, nil}, // and whatever else
}

// stepsOf returns the CPU time of each step, in ns a record.
func stepsOf(cpu string, records int) ([]float64, error) {
	f, err := os.Open(cpu)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cpu, err)
	}
	total := make([]float64, len(steps))
	for _, s := range p.Sample {
		total[stepOf(s)] += float64(s.Value[len(s.Value)-1]) / float64(records)
	}
	return total, nil
}

func stepOf(s *profile.Sample) int {
	for _, at := range s.Location {
		for _, line := range at.Line {
			for i, step := range steps {
				if slices.ContainsFunc(step.parts, func(part string) bool { return strings.Contains(line.Function.Name, part) }) {
					return i
				}
			}
		}
	}
	return len(steps) - 1
}

// profiled are the peers whose steps are shown.
var profiled = []string{"watchtower", "watchtower-gzip"}

// measureSteps profiles one run of each: serial, the record alone, as the floor has it.
func measureSteps(r *results, ctx context.Context, _ *choice) error {
	dir, err := os.MkdirTemp("", "profile")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s := &scenario{Load: drive.Load{Records: 3 * million, Plain: true}, profiles: dir}
	all := map[string][]float64{}
	for _, peer := range profiled {
		fmt.Fprintln(os.Stderr, "steps:", peer)
		if o := compare(ctx, s, peer); o.Error != "" {
			return fmt.Errorf("profile %s: %s", peer, o.Error)
		}
		if all[peer], err = stepsOf(filepath.Join(dir, peer+".cpu"), s.Records); err != nil {
			return err
		}
	}
	fmt.Fprintln(os.Stderr, "steps: floor")
	least, err := measureFloor(ctx)
	if err != nil {
		return err
	}
	r.Steps, r.Floor = all, least
	return nil
}

// stepTable sets the steps against the floor.
func (r *results) stepTable() string {
	var b strings.Builder
	b.WriteString("| step | floor | not compressed | gzip |\n|---|---:|---:|---:|\n")
	sum := make([]float64, len(profiled))
	for i, step := range steps {
		least := "–"
		if step.floor != nil && r.Floor != nil {
			least = whole(step.floor(r.Floor))
		}
		fmt.Fprintf(&b, "| %s | %s |", step.name, least)
		for k, peer := range profiled {
			fmt.Fprintf(&b, " %s |", whole(r.Steps[peer][i]))
			sum[k] += r.Steps[peer][i]
		}
		b.WriteByte('\n')
	}
	least := "–"
	if r.Floor != nil {
		plain, compressed := r.Floor.sums()
		least = fmt.Sprintf("%s; %s with gzip, which leaves 1/%.1f for the last two", whole(plain), whole(compressed), r.Floor.Ratio)
	}
	fmt.Fprintf(&b, "| sum | %s | %s | %s |\n", least, whole(sum[0]), whole(sum[1]))
	return b.String() + "\n" + roundsText(1) + r.unusual("steps") + "\n"
}
