//go:build chaos && unix

package chaos

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A process is a client and what it wrote down. The fields below done are the
// reader's until done is closed.
type process struct {
	config
	cmd    *exec.Cmd
	stderr bytes.Buffer
	up     chan struct{} // closed when it logs
	done   chan struct{} // closed when all that it wrote was read
	well   chan struct{} // closed when it tells that delivery works again
	killed bool
	life   int // which of the run's it is in

	records   [][]record // by worker and number
	lost      []loss     // what Fallback got
	sends     []*put     // in the order in which they were sent
	answers   []*put     // in the order in which they were answered
	byNumber  map[int]*put
	errs      map[string]int // what OnError got, by type and reason
	snapshots int
	lines     int
	last      *watchtower.Stats // of the lines so far
	final     *watchtower.Stats
	// since is the line of the ledger before the last: what is told in later
	// lines the last one may not have.
	since, latest int
	inTime        bool     // Close ended before its time was up
	wrong         []string // lines that should not be, ledgers that do not balance
}

// A record is what a process knows of one that it logged.
type record struct {
	tried, accepted, refused bool
	line                     int // that says accepted or refused
}

// A loss is a record that was given up.
type loss struct {
	id
	reason string
	line   int // that tells of it
}

// startProcess starts a client; wait or kill ends it.
func startProcess(t *testing.T, c config) *process {
	t.Helper()
	p := &process{
		config: c, up: make(chan struct{}), done: make(chan struct{}), well: make(chan struct{}),
		byNumber: map[int]*put{}, errs: map[string]int{}, records: make([][]record, c.Workers),
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd = exec.Command(self)
	p.cmd.Env = append(os.Environ(), configVariable+"="+c.encode())
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	go p.follow(out)
	select {
	case <-p.up:
	case <-p.done:
		t.Fatalf("client %d ended before it logged: %v\n%s", c.Process, p.cmd.Wait(), p.stderr.String())
	case <-time.After(patience):
		t.Fatalf("client %d says nothing", c.Process)
	}
	return p
}

// kill ends the process with SIGKILL.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.killed = true
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.end(t)
	if exit, ok := errors.AsType[*exec.ExitError](p.cmd.Wait()); !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("client %d did not die of the kill: %v\n%s", p.Process, exit, p.stderr.String())
	}
}

// terminate asks the process to end, unless it ends by itself, and waits.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	if !p.Drain {
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	p.end(t)
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("client %d: %v\n%s", p.Process, err, p.stderr.String())
	}
}

// end waits until all that the process wrote was read.
func (p *process) end(t *testing.T) {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(p.Close + patience):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // its goroutines, on standard error
		<-p.done
		_ = p.cmd.Wait()
		t.Fatalf("client %d does not end:\n%s", p.Process, p.stderr.String())
	}
}

// longestBackOff is the longest pause between two attempts (docs/fleet.md).
const longestBackOff = time.Minute

// awaitWell waits until the process tells that delivery works again, which may take
// as long as the longest back-off.
func (p *process) awaitWell(t *testing.T) {
	t.Helper()
	select {
	case <-p.well:
	case <-p.done:
		err := p.cmd.Wait()
		t.Fatalf("client %d ended: %v\n%s", p.Process, err, p.stderr.String())
	case <-time.After(longestBackOff + 10*time.Second):
		t.Errorf("client %d: delivery does not work again", p.Process)
	}
}

// follow reads the lines. One without its end was cut by a kill: what it tells
// of did not happen, or is not known.
func (p *process) follow(out io.Reader) {
	defer close(p.done)
	in := bufio.NewReaderSize(out, 64<<10)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if err := p.note(kind, rest); err != nil {
			p.wrong = append(p.wrong, fmt.Sprintf("line %q: %v", line, err))
		}
	}
}

func (p *process) note(kind, rest string) (err error) {
	p.lines++
	switch kind {
	case "up":
		close(p.up)
	case "t", "a", "d":
		return p.noteRecord(kind, rest)
	case "l":
		name, reason, _ := strings.Cut(rest, " ")
		var r id
		r, err = parseID(name)
		p.lost = append(p.lost, loss{r, reason, p.lines})
	case "s":
		return p.noteSend(rest)
	case "r":
		return p.noteAnswer(rest)
	case "f":
		return p.noteFailure(rest)
	case "e":
		name, _, _ := strings.Cut(rest, ") ")
		if !strings.HasSuffix(name, ")") && !strings.Contains(name, "(") {
			name, _, _ = strings.Cut(rest, " ")
		}
		p.errs[name]++
		if name == "*watchtower.RecoveredError" && p.errs[name] == 1 {
			close(p.well)
		}
		if strings.HasPrefix(rest, "tap:") {
			err = errors.New("the tap cannot read a put")
		}
	case "c":
		p.inTime = rest == "true"
	case "x", "F":
		return p.noteStats(kind, rest)
	default:
		return errors.New("unknown")
	}
	return err
}

// noteRecord keeps what becomes of a record in Handle.
func (p *process) noteRecord(kind, rest string) error {
	fields := strings.Fields(rest)
	worker, err1 := strconv.Atoi(fields[0])
	n, err2 := strconv.Atoi(fields[1])
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	list := &p.records[worker]
	if kind == "t" {
		if n != len(*list) {
			return errors.New("not the next record")
		}
		*list = append(*list, record{tried: true})
		return nil
	}
	r := &(*list)[n]
	r.accepted, r.refused, r.line = kind == "a", kind == "d", p.lines
	return nil
}

// noteStats checks that the ledger balances at that moment.
func (p *process) noteStats(kind, rest string) error {
	s := new(watchtower.Stats)
	if err := json.Unmarshal([]byte(rest), s); err != nil {
		return err
	}
	p.snapshots++
	p.last, p.since, p.latest = s, p.latest, p.lines
	if kind == "F" {
		p.final = s
	}
	if s.Accepted+s.Recovered != s.Delivered+s.Rejected+s.Dropped+s.Spooled+s.Pending {
		return errors.New("the ledger does not balance")
	}
	var reasons int64
	for _, n := range s.Reasons {
		reasons += n
	}
	if reasons != s.Rejected+s.Dropped {
		return errors.New("the reasons do not sum up to what was lost")
	}
	for _, n := range []int64{s.Accepted, s.Recovered, s.Delivered, s.Rejected, s.Dropped, s.Spooled, s.Pending, s.PossibleDuplicates} {
		if n < 0 {
			return errors.New("a counter is negative")
		}
	}
	return nil
}
