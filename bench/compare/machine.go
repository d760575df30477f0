package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
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
	return fmt.Sprintf("Measured on %s: %s, %d cores, %s, %s.", m.Day, m.CPU, m.Cores, m.System, m.Go)
}

// An origin is how a part of the results came about.
type origin struct {
	Day     string
	Commit  string // of this repository, with a + if more was changed; empty if git does not say
	Command string
}

func thisOrigin() origin {
	o := origin{Day: today(), Command: "go run ./compare " + strings.Join(quoted(os.Args[1:]), " ")}
	if head, err := exec.Command("git", "rev-parse", "--short=10", "HEAD").Output(); err == nil {
		o.Commit = strings.TrimSpace(string(head))
	}
	// docs is what is written here.
	if changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no", ":(top,exclude)docs").Output(); err == nil && len(changed) > 0 {
		o.Commit += "+"
	}
	return o
}

// text is for the end of a caption; empty if nothing is known.
func (o origin) text() string {
	if o.Day == "" {
		return ""
	}
	commit := ""
	if o.Commit != "" {
		commit = " at commit " + o.Commit
	}
	return fmt.Sprintf(" %s%s, by `%s`.", o.Day, commit, o.Command)
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
