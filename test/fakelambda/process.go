//go:build linux

package fakelambda

import (
	"bytes"
	"os/exec"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// A process is that of the function.
type process struct {
	command *exec.Cmd
	printed *output
	exited  chan struct{} // closed when it has ended
}

// output collects what a process prints while others read it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func startProcess(command *exec.Cmd) (*process, error) {
	p := &process{command: command, printed: new(output), exited: make(chan struct{})}
	command.Stdout, command.Stderr = p.printed, p.printed
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = command.Wait() // the state says how it ended
		close(p.exited)
	}()
	return p, nil
}

// Output is what the function has printed so far.
func (p *process) Output() string {
	p.printed.mu.Lock()
	defer p.printed.mu.Unlock()
	return p.printed.text.String()
}

// freeze returns when the process stands still, or has ended.
func (p *process) freeze() {
	p.signal(syscall.SIGSTOP)
	const (
		byPID                  = 1
		stopped, exited, leave = 0x2, 0x4, 0x1000000 // WSTOPPED, WEXITED, WNOWAIT of waitid(2)
	)
	var info [128]byte // siginfo_t
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(p.command.Process.Pid),
			uintptr(unsafe.Pointer(&info)), stopped|exited|leave, 0, 0)
		if errno != syscall.EINTR {
			return // ECHILD: it has ended and was waited for
		}
	}
}

func (p *process) thaw() { p.signal(syscall.SIGCONT) }

// Kill ends the process without notice, frozen or not, and waits for its end.
func (p *process) Kill() {
	p.signal(syscall.SIGKILL)
	<-p.exited
}

// terminate thaws the process and gives it notice. It reports whether the process
// ended in time, and kills it if not.
func (p *process) terminate(within time.Duration) bool {
	p.signal(syscall.SIGTERM)
	p.thaw()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case <-p.exited:
		return true
	case <-late.C:
		p.Kill()
		return false
	}
}

func (p *process) hasExited() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// signal does nothing to a process that has ended.
func (p *process) signal(s syscall.Signal) { _ = p.command.Process.Signal(s) }
