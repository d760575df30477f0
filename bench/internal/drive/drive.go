// Package drive is the process of a peer that is written in Go: it logs what a
// load asks for, and measures itself.
package drive

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A Logger is a peer at work. Log is called by many goroutines at the same
// time; Close returns when all is delivered.
type Logger struct {
	Log    func(i int)
	Flush  func() error
	Close  func() error
	Counts func() Ledger // nil if the peer does not count
}

// A Peer makes a Logger for a load.
type Peer func(*Load) (*Logger, error)

// Main runs the peer of a load, which comes as JSON, and prints the result.
func Main(text string, peers map[string]Peer) error {
	var l Load
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return err
	}
	open, ok := peers[l.Peer]
	if !ok {
		return fmt.Errorf("no peer %q", l.Peer)
	}
	stop, err := profile(os.Getenv("COMPARE_PROFILE"), l.Peer)
	if err != nil {
		return err
	}
	res, err := l.drive(open)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Peer, err)
	}
	if err := stop(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(res)
}

func (l *Load) drive(open Peer) (Result, error) {
	idle := heap(l.Idle)
	lg, err := open(l)
	if err != nil {
		return Result{}, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, begin := CPUSeconds(), time.Now()
	stop := l.outage()

	took, err := l.calls(lg)

	called := time.Now()
	stop()
	res := Result{CallSeconds: called.Sub(begin).Seconds(), Anonymous: memory("RssAnon")}
	if err != nil {
		res.Trouble = err.Error()
	}
	if l.Idle {
		if err := lg.Flush(); err != nil {
			return res, err
		}
		res.HeapBytes = heap(true) - idle
	}
	if err := lg.Close(); err != nil && res.Trouble == "" {
		res.Trouble = err.Error()
	}
	res.CloseSeconds = time.Since(called).Seconds()
	res.CPUSeconds = CPUSeconds() - cpu
	runtime.ReadMemStats(&after)
	res.Mallocs, res.AllocBytes = int64(after.Mallocs-before.Mallocs), int64(after.TotalAlloc-before.TotalAlloc)
	res.PeakRSS, res.Anonymous = memory("VmHWM"), max(res.Anonymous, memory("RssAnon"))
	if lg.Counts != nil {
		res.Ledger = lg.Counts()
	}
	res.quantiles(took)
	return res, nil
}

// calls logs all records, and returns how long each call took if they are
// paced, and the error of a flush.
func (l *Load) calls(lg *Logger) (*waits, error) {
	n := max(l.Goroutines, 1)
	all, errs := make([]waits, n), make([]error, n)
	var wg sync.WaitGroup
	for g := range n {
		from, to := l.Records*g/n, l.Records*(g+1)/n
		wg.Go(func() {
			if l.Rate > 0 {
				l.paced(lg, from, to, l.Rate/float64(n), &all[g])
				return
			}
			for i := from; i < to; i++ {
				lg.Log(i)
				if l.FlushEvery > 0 && (i+1)%l.FlushEvery == 0 {
					errs[g] = cmp.Or(errs[g], lg.Flush())
				}
			}
		})
	}
	wg.Wait()
	for g := range all[1:] {
		all[0].join(&all[1+g])
	}
	return &all[0], cmp.Or(errs...)
}

// paced logs at a rate: each millisecond what is due by then. A call that
// takes long delays those behind it, as it does in a program; what was missed is
// not made up for at once.
func (l *Load) paced(lg *Logger, from, to int, rate float64, took *waits) {
	begin, done := time.Now(), 0.0
	for i := from; i < to; {
		due := time.Since(begin).Seconds() * rate
		if most := max(1, rate/20); due-done > most {
			done = due - most // behind by more than 50 ms
		}
		for ; done < due && i < to; i++ {
			t := time.Now()
			lg.Log(i)
			took.add(time.Since(t))
			done++
		}
		pause := time.Millisecond
		if rate < 100 {
			pause = time.Duration(float64(time.Second) / rate / 4)
		}
		time.Sleep(pause)
	}
}

// outage makes the service fail for a while, if the load asks for it. The
// function that it returns ends it.
func (l *Load) outage() func() {
	if l.FailFor == 0 {
		return func() {}
	}
	set := func(fail bool) func() {
		return func() {
			if err := l.Set(fmt.Sprintf("fail=%t", fail)); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}
	begin := time.AfterFunc(l.FailFrom, set(true))
	end := time.AfterFunc(l.FailFrom+l.FailFor, set(false))
	return func() {
		begin.Stop()
		if end.Stop() {
			set(false)()
		}
	}
}

// CPUSeconds is what this process has used so far, all threads together.
func CPUSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// memory returns what the kernel says of this process's memory, in bytes: VmHWM is
// the most that it had so far, of this program, which getrusage has not after an
// exec; RssAnon is what it has now that is not pages of files.
func memory(what string) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, line, _ := strings.Cut(string(status), what+":")
	var kib int64
	fmt.Sscan(line, &kib)
	return kib << 10
}

// heap returns what is held, if anybody wants to know.
func heap(wanted bool) int64 {
	if !wanted {
		return 0
	}
	var m runtime.MemStats
	for range 3 { // pools are emptied in steps
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
