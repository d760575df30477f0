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

func today() string { return time.Now().UTC().Format(time.DateOnly) }

func (m machine) text() string {
	return fmt.Sprintf("Machine: %s, %d cores, %s, %s.", m.CPU, m.Cores, m.System, m.Go)
}

// An origin is how a part of the results came about.
type origin struct {
	Day     string
	Commit  string // of this repository, with a + if more was changed; empty if git does not say
	Command string
}

func thisOrigin(c *choice) origin {
	o := origin{Day: today(), Command: "go run ./compare " + strings.Join(quoted(c.args), " ")}
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
	return o.text()
}

// text is a sentence; empty if nothing is known.
func (o origin) text() string {
	if o.Day == "" {
		return " From an earlier run."
	}
	commit := ""
	if o.Commit != "" {
		commit = " at commit " + o.Commit
	}
	return fmt.Sprintf(" On %s%s, by `%s`.", o.Day, commit, o.Command)
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
