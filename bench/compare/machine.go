package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A machine is where it was measured.
type machine struct {
	Day, CPU, System, Go string
	Cores                int
}

func thisMachine() machine {
	m := machine{Day: today(), Cores: runtime.NumCPU(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
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

// same says whether it is the same hardware and platform. The kernel and Go change
// with every update; origins have them.
func (m machine) same(other machine) bool { return m.name() == other.name() }

// name is the hardware and the platform.
func (m machine) name() string {
	platform, _, _ := strings.Cut(m.System, ", ")
	return fmt.Sprintf("%s, %d cores, %s", m.CPU, m.Cores, platform)
}

// software is the kernel, if it is known, and Go.
func (m machine) software() string {
	if _, kernel, ok := strings.Cut(m.System, ", "); ok {
		return kernel + ", " + m.Go
	}
	return m.Go
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }

func (m machine) text() string {
	return fmt.Sprintf("Machine: %s, %d cores, %s, %s.", m.CPU, m.Cores, m.System, m.Go)
}

// An origin is how a part of the results came about.
type origin struct {
	Day     string
	Commit  string // of this repository, with a + if more was changed; empty if git does not say
	Command string
	With    string `json:",omitempty"` // the machine's software, if it is known
}

func (r *results) thisOrigin(c *choice) origin {
	o := origin{Day: today(), With: r.Machine.software(), Command: "go run ./compare " + strings.Join(quoted(c.args), " ")}
	if head, err := exec.Command("git", "rev-parse", "--short=10", "HEAD").Output(); err == nil {
		o.Commit = strings.TrimSpace(string(head))
	}
	// docs is what is written here.
	if changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no", ":(top,exclude)docs").Output(); err == nil && len(changed) > 0 {
		o.Commit += "+"
	}
	return o
}

// usual is how most parts came about.
func (r *results) usual() (o origin) {
	parts := map[origin]int{}
	for _, name := range slices.Sorted(maps.Keys(r.Origins)) {
		other := r.Origins[name]
		if other.Day == "" {
			continue
		}
		if parts[other]++; parts[other] > parts[o] {
			o = other
		}
	}
	return o
}

// unusual is how a part came about, if that is not how most did.
func (r *results) unusual(part string) string {
	o := r.Origins[part]
	if o == r.usual() {
		return ""
	}
	return r.originText(o)
}

// originText is a sentence. It has the software if that is not the one beside the
// machine.
func (r *results) originText(o origin) string {
	with := ""
	if o.With != "" && o.With != r.Machine.software() {
		with = ", with " + o.With
	}
	if o.Day == "" {
		return " From an earlier run" + with + "."
	}
	commit := ""
	if o.Commit != "" {
		commit = " at commit " + o.Commit
	}
	return fmt.Sprintf(" On %s%s, by `%s`%s.", o.Day, commit, o.Command, with)
}

// quoted returns arguments as a shell takes them.
func quoted(args []string) []string {
	var all []string
	for _, a := range args {
		if a == "" || strings.ContainsAny(a, " |$*()\\\"'") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		all = append(all, a)
	}
	return all
}
