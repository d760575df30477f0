package main

import (
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
	parts []string // of names of functions
	floor float64  // ns on one core; 0 if the floor has no such step
}

// steps are looked for from the innermost function of a stack outwards; the first
// that has a name of it takes the sample. The floor was measured for each step by
// itself, on another machine.
var steps = []step{
	{"slog front end: callers, time, record", []string{"log/slog."}, 254},
	{"format and escape into the body", []string{"/internal/encode."}, 104},
	{"handler, log stream's name", []string{"watchtower.(*Handler)", "watchtower.(*core)", "/internal/streamname."}, 0},
	{"queue", []string{"/internal/queue."}, 0},
	{"batch: copy into the body", []string{"/internal/batch."}, 0},
	{"compress", []string{"klauspost/compress/"}, 513},
	{"ledger, owner", []string{"/internal/ledger.", "/internal/engine."}, 0},
	{"SHA-256 of the body", []string{"/sha256."}, 197},
	{"POST", []string{"net/http.", "net.(*conn)", "internal/poll."}, 74},
	{"SDK: signing, middleware", []string{"/aws-sdk-go-v2/", "/smithy-go/", "/internal/deliver."}, 0},
	{"garbage collector", []string{"runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge"}, 0},
	{"scheduler", nil, 0}, // and whatever else
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
func measureSteps() (map[string][]float64, error) {
	dir, err := os.MkdirTemp("", "profile")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s := &scenario{Load: drive.Load{Records: 3 * million, Plain: true}, profiles: dir}
	all := map[string][]float64{}
	for _, peer := range profiled {
		if o := compare(s, peer); o.Error != "" {
			return nil, fmt.Errorf("profile %s: %s", peer, o.Error)
		}
		if all[peer], err = stepsOf(filepath.Join(dir, peer+".cpu"), s.Records); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// stepTable sets the steps against the floor.
func (r *results) stepTable() string {
	var b strings.Builder
	b.WriteString("| step | floor | not compressed | gzip |\n|---|---:|---:|---:|\n")
	sum := make([]float64, len(profiled))
	for i, step := range steps {
		floor := "–"
		if step.floor > 0 {
			floor = whole(step.floor)
		}
		fmt.Fprintf(&b, "| %s | %s |", step.name, floor)
		for k, peer := range profiled {
			fmt.Fprintf(&b, " %s |", whole(r.Steps[peer][i]))
			sum[k] += r.Steps[peer][i]
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "| sum | 630; 885 with gzip | %s | %s |\n", whole(sum[0]), whole(sum[1]))
	return b.String()
}
