//go:build chaos && unix

package chaos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A mode is how the clients of a run are set up.
type mode struct {
	name     string
	spool    bool
	always   watchtower.Spool
	whenFull watchtower.WhenFull
	full     string // how the disk fills: "", "limit" or "tmpfs"
	untapped bool   // the library makes its own AWS client
}

// modes rotate over the runs; half of them keep every record on disk.
var modes = []mode{
	{name: "always", spool: true, always: watchtower.SpoolAlways, whenFull: watchtower.Block},
	{name: "block", whenFull: watchtower.Block},
	{name: "always-tmpfs", spool: true, always: watchtower.SpoolAlways, full: "tmpfs"},
	{name: "on-failure", spool: true},
	{name: "always-untapped", spool: true, always: watchtower.SpoolAlways, whenFull: watchtower.Block, untapped: true},
	{name: "drop-oldest", whenFull: watchtower.DropOldest},
	{name: "on-failure-tmpfs", spool: true, full: "tmpfs"},
	{name: "always-limit", spool: true, always: watchtower.SpoolAlways, full: "limit"},
	{name: "on-failure", spool: true, whenFull: watchtower.DropLowestLevel},
	{name: "always-untapped", spool: true, always: watchtower.SpoolAlways, untapped: true},
}

// A life is clients that run at the same time. The next begins when all of them
// have ended.
type life struct {
	processes []*process
	disk      []onDisk // what it leaves
}

// A run is lives of a client on one spool folder and one data directory.
type run struct {
	mode
	t     *testing.T
	rng   *rand.Rand
	seed  uint64
	began time.Time

	data, spoolDir string
	server         *server
	proxy          *proxy
	store          *store
	processes      []*process
	lives          []*life
	alive          []*process // clients
	probe          *process   // that filled the disk and should have found room again
	tally          tally
	broken         []string // claims that are not true
}

const group = "/chaos"

func newRun(t *testing.T, m mode, seed uint64, index int) *run {
	r := &run{mode: m, t: t, rng: rand.New(rand.NewPCG(seed, uint64(index))), seed: seed + uint64(index), began: time.Now()}
	r.tally.mode = m.name
	r.data = t.TempDir()
	if m.spool {
		r.spoolDir = filepath.Join(t.TempDir(), "spool")
	}
	if m.full == "tmpfs" {
		r.smallDisk()
	}
	r.server = startServer(t, "127.0.0.1:0", r.data)
	r.proxy = newProxy(t, r.server.address)
	r.store = newStore(t, r.server.address, group)
	return r
}

// smallDisk puts the spool on a disk of 512 KiB. Where that takes rights that
// this process does not have, a limit for each file stands in for it.
func (r *run) smallDisk() {
	dir := r.t.TempDir()
	if err := mountSmall(dir, 512<<10); err != nil {
		r.t.Logf("no small disk (%v): a limit for each file instead", err)
		r.full = "limit"
		return
	}
	r.t.Cleanup(func() {
		if err := unmount(dir); err != nil {
			r.t.Error(err)
		}
	})
	r.spoolDir = filepath.Join(dir, "spool")
}

// run lives through the given number of kills, settles and compares.
func (r *run) run(kills int) {
	for r.tally.clientKills+r.tally.serverKills < kills {
		r.life()
	}
	if r.full != "" {
		r.fill()
	}
	r.settle()
	r.judge()
	r.tally.took = time.Since(r.began)
}

// life is the life of one client, or of two that share the spool folder: they
// start, things happen to them, they end.
func (r *run) life() {
	r.start(r.draw())
	if r.spool && r.rng.IntN(4) == 0 {
		r.start(r.draw())
	}
	pause(r.between(50, 500))
	for range r.rng.IntN(5) {
		undo := r.disturb()
		pause(r.between(50, 1200))
		if r.rng.IntN(3) == 0 {
			r.end() // in the middle of it
		}
		undo()
		if len(r.alive) == 0 {
			return
		}
		pause(r.between(20, 400))
	}
	r.end()
}

// start starts a client.
func (r *run) start(c config) *process {
	r.t.Helper()
	p := startProcess(r.t, c)
	if len(r.alive) == 0 {
		r.lives = append(r.lives, &life{})
	}
	p.life = len(r.lives) - 1
	r.lives[p.life].processes = append(r.lives[p.life].processes, p)
	r.processes = append(r.processes, p)
	r.alive = append(r.alive, p)
	return p
}

// end ends the clients that live: mostly by a kill.
func (r *run) end() {
	for _, p := range r.alive {
		if r.rng.IntN(100) < 60 {
			p.kill(r.t)
			r.tally.clientKills++
			continue
		}
		p.terminate(r.t)
		r.tally.graceful++
	}
	r.ended()
}

// ended looks at what a life leaves.
func (r *run) ended() {
	r.alive = nil
	if r.spool {
		r.lives[len(r.lives)-1].look(r.t, r.spoolDir)
	}
}

// draw sets up the next client of the run.
func (r *run) draw() config {
	c := config{
		Process:  len(r.processes) + 1,
		Endpoint: r.proxy.url(),
		Group:    group,
		Seed:     r.seed,
		SpoolDir: r.spoolDir,
		Spool:    r.always,
		WhenFull: r.whenFull,
		Queue:    1 << (16 + r.rng.IntN(5)), // 64 KiB to 1 MiB
		Flush:    r.between(5, 100),
		Batch:    20 + r.rng.IntN(480),
		InFlight: 1 + r.rng.IntN(6),
		Tap:      !r.untapped,
		Answer:   r.between(300, 2000),
		Workers:  3,
		Pause:    r.between(5, 60),
		Close:    r.between(50, 3000),
	}
	if r.whenFull == watchtower.Block && r.rng.IntN(2) == 0 {
		c.Block = r.between(1, 200)
	}
	if r.full == "limit" {
		c.FileLimit = 20_000 + r.rng.Uint64N(200_000)
	}
	return c
}

// fill lets a client fill the disk in an outage, and then gives it time to find
// room again. It is no use to try sooner because records are lost (docs/fleet.md):
// the back-off may go on for a while.
func (r *run) fill() {
	r.server.fault(r.t, "")
	c := r.draw()
	c.Pause, c.Close, c.Answer = 40*time.Millisecond, 10*time.Second, 300*time.Millisecond
	r.probe = r.start(c)
	r.proxy.set(mood{refuse: true})
	r.proxy.reset()
	pause(1500 * time.Millisecond)
	r.proxy.set(mood{})
	r.probe.awaitWell(r.t)
	pause(5 * time.Second)
	r.probe.terminate(r.t)
	r.tally.graceful++
	r.ended()
}

// settle lets everything become well, and a last client deliver what is left.
func (r *run) settle() {
	r.server.fault(r.t, "")
	r.proxy.set(mood{})
	c := r.draw()
	c.Drain, c.FileLimit, c.Close, c.Workers = true, 0, 40*time.Second, 0
	r.start(c).terminate(r.t)
	r.tally.graceful++
	r.ended()
	// After a kill nothing is under way in the server any more.
	r.proxy.reset()
	r.restart()
	for _, stream := range r.store.streams(r.t) {
		r.store.keep(r.t, stream)
	}
	r.server.Stop(r.t)
}

// restart kills the server and starts it again in the same place.
func (r *run) restart() {
	r.server.Kill(r.t)
	r.server = startServer(r.t, r.server.address, r.data)
}

// between draws a duration in milliseconds.
func (r *run) between(least, most int) time.Duration {
	return time.Duration(least+r.rng.IntN(most-least)) * time.Millisecond
}

// pause lets real processes go on for a while.
func pause(d time.Duration) { <-time.After(d) }

// leftovers lists the files in the spool folder.
func (r *run) leftovers() (files []string) {
	if !r.spool {
		return nil
	}
	err := filepath.WalkDir(r.spoolDir, func(path string, d os.DirEntry, err error) error {
		if err == nil && path != r.spoolDir {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		r.t.Error(fmt.Errorf("the spool folder: %w", err))
	}
	return files
}
