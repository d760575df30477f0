//go:build chaos && unix

package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A program is the client process: it logs until SIGTERM, closes its handler
// while it goes on logging, and says at each step what it knows.
type program struct {
	config
	out notes
	h   *watchtower.Handler
}

// snapshotEvery is the time between two lines with the ledger.
const snapshotEvery = 50 * time.Millisecond

// client runs the process and returns its exit code.
func client(raw string) int {
	p := &program{out: notes{os.Stdout}}
	if err := json.Unmarshal([]byte(raw), &p.config); err != nil {
		return p.fail(err)
	}
	if err := limitFiles(p.FileLimit); err != nil {
		return p.fail(err)
	}
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM)
	o := p.options()
	o.OnError = func(err error) { p.out.line("e", errorLine(err)) }
	o.Fallback = fallback{p.out}
	if p.Tap {
		c, err := newTap(p.config, p.out)
		if err != nil {
			return p.fail(err)
		}
		o.Client = c
	}
	var err error
	if p.h, err = watchtower.New(context.Background(), p.Group, o); err != nil {
		return p.fail(err)
	}
	p.out.line("up")
	p.run(terminate)
	return 0
}

func (p *program) fail(err error) int {
	fmt.Fprintln(os.Stderr, "client:", err)
	return 1
}

// run logs until it is told to end.
func (p *program) run(terminate <-chan os.Signal) {
	stop := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { p.snapshots(stop) })
	if p.Drain {
		p.drain()
	} else {
		for w := range p.Workers {
			all.Go(func() { p.work(w, stop) })
		}
		<-terminate
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.Close)
	defer cancel()
	failure, _ := errors.AsType[*watchtower.CloseError](p.h.Close(ctx))
	p.out.line("c", failure == nil || failure.Err == nil)
	close(stop)
	all.Wait()
	p.stats("F")
}

// drain waits until the spool is empty.
func (p *program) drain() {
	for begun := time.Now(); time.Since(begun) < p.Close; {
		ctx, cancel := context.WithTimeout(context.Background(), p.Close)
		_ = p.h.Flush(ctx)
		cancel()
		if s := p.h.Stats(); s.Spooled+s.Pending == 0 {
			return
		}
		<-time.After(10 * time.Millisecond) // the service failed: it is tried again
	}
}

// snapshots writes the ledger down until the end.
func (p *program) snapshots(stop <-chan struct{}) {
	tick := time.NewTicker(snapshotEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			p.stats("x")
		}
	}
}

func (p *program) stats(kind string) {
	s := p.h.Stats()
	s.Streams = nil // long, and of no use here
	text, err := json.Marshal(s)
	if err != nil {
		text = []byte(err.Error())
	}
	p.out.line(kind, string(text))
}

// work logs bursts of records, each with the next number.
func (p *program) work(w int, stop <-chan struct{}) {
	rng := rand.New(rand.NewPCG(p.Seed, uint64(p.Process*100+w)))
	levels := []slog.Level{slog.LevelInfo, slog.LevelInfo, slog.LevelWarn, slog.LevelError}
	for n := 0; ; {
		for range 1 + rng.IntN(30) {
			r := slog.NewRecord(time.Now(), levels[rng.IntN(len(levels))], "id:"+id{p.Process, w, n}.String()+";", 0)
			r.AddAttrs(slog.Int("stream", rng.IntN(3)), slog.String("pad", strings.Repeat("x", padding(rng))))
			p.out.line("t", w, n)
			err := p.h.Handle(context.Background(), r)
			if n++; err == nil {
				p.out.line("a", w, n-1)
				continue
			}
			p.out.line("d", w, n-1, errorLine(err))
			if errors.Is(err, watchtower.ErrClosed) {
				break // a few of these will do
			}
		}
		select {
		case <-stop:
			return
		case <-time.After(rand.N(p.Pause) + time.Millisecond):
		}
	}
}

// padding makes most records small and a few large.
func padding(rng *rand.Rand) int {
	if rng.IntN(200) == 0 {
		return rng.IntN(30_000)
	}
	return rng.IntN(300)
}

// limitFiles bounds the files that this process writes, as a full disk does.
func limitFiles(bytes uint64) error {
	if bytes == 0 {
		return nil
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = bytes
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

// A notes writes lines for the test to read: each is one write, so that the
// end of the process cuts off the last line at most.
type notes struct{ f *os.File }

func (n notes) line(kind string, args ...any) {
	_, _ = n.f.WriteString(kind + " " + strings.TrimSuffix(fmt.Sprintln(args...), "\n") + "\n") // the test is gone, or reads it
}

// errorLine is an error in one line.
func errorLine(err error) string {
	kind := fmt.Sprintf("%T", err)
	if d, ok := errors.AsType[*watchtower.DropError](err); ok {
		kind += "(" + d.Reason + ")"
	}
	return kind + " " + strings.ReplaceAll(err.Error(), "\n", " ")
}

// A fallback writes down the records that the library gives up.
type fallback struct{ out notes }

func (fallback) Enabled(context.Context, slog.Level) bool { return true }

func (f fallback) Handle(_ context.Context, r slog.Record) error {
	reason := ""
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "reason" {
			reason = a.Value.String()
		}
		return true
	})
	for _, t := range tokens([]byte(r.Message)) {
		f.out.line("l", t, reason)
	}
	return nil
}

func (f fallback) WithAttrs([]slog.Attr) slog.Handler { return f }
func (f fallback) WithGroup(string) slog.Handler      { return f }
