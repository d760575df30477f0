package streamname

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// process is what a template can ask of the process it runs in. The strings
// are fit for a name and not empty.
type process struct {
	machine string
	program string
	id      int
	// fact tells what is known of the place where the process runs, "" for
	// unknown. If nil, nothing is.
	fact func(name string) string
}

// thisProcess asks the system.
func thisProcess() process {
	machine, _ := os.Hostname() // without one the name says unknown
	var program string
	if len(os.Args) > 0 && os.Args[0] != "" {
		program = filepath.Base(os.Args[0])
	}
	return newProcess(machine, program, os.Getpid())
}

// newProcess makes names fit. Python's watchtower removes ':' from the
// program's name and leaves the host's as it is.
func newProcess(machine, program string, id int) process {
	return process{
		machine: cleaned(machine, "unknown"),
		program: cleaned(strings.ReplaceAll(program, ":", ""), "unknown"),
		id:      id,
	}
}

// host is the machine's name up to its first dot.
func (p process) host() string {
	if short, _, _ := strings.Cut(p.machine, "."); short != "" {
		return short
	}
	return p.machine
}

// processUUID returns a random UUID (RFC 9562, version 4), the same for the
// life of the process, so that two templates agree and a configuration that
// is loaded again keeps its streams.
var processUUID = sync.OnceValue(func() string {
	var u [16]byte
	_, _ = rand.Read(u[:]) // never fails: crypto/rand ends the program first
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
})
