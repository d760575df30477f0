package logconfig

import (
	"log/slog"
	"math"
	"os"
	"sync"
	"sync/atomic"

	"github.com/watchtower-go/watchtower/logconfig/internal/sink"
)

// A tree is a configuration that runs: the loggers of a plan and the handlers
// that were started for it. It does not change; a reload makes another.
type tree struct {
	plan     *plan
	outputs  map[string]*output
	disabled map[string]bool // loggers that a reload has silenced

	// Calls of Handle that are under way hold the tree open: a reload waits
	// until there are none before it closes what only the old one has.
	active  atomic.Int64
	retired atomic.Bool
	idle    chan struct{}
	closing sync.Once
}

func newTree(p *plan, outputs map[string]*output) *tree {
	return &tree{plan: p, outputs: outputs, disabled: map[string]bool{}, idle: make(chan struct{})}
}

// enter holds the tree open, unless it is retired.
func (t *tree) enter() bool {
	t.active.Add(1)
	if t.retired.Load() {
		t.leave()
		return false
	}
	return true
}

func (t *tree) leave() {
	if t.active.Add(-1) == 0 && t.retired.Load() {
		t.closing.Do(func() { close(t.idle) })
	}
}

// retire lets nobody enter any more; idle is closed when all have left.
func (t *tree) retire() {
	t.active.Add(1)
	t.retired.Store(true)
	t.leave()
}

// A route is what becomes of the records of a logger.
type route struct {
	level   slog.Level // the lowest that any target takes, within the logger's own
	filters []filterSpec
	targets []target
}

// A target is a handler that a logger's records go to.
type target struct {
	level   slog.Level
	filters []filterSpec
	h       slog.Handler
}

// nothing is above all levels.
const nothing = slog.Level(math.MaxInt)

// route works out Python's rules for a logger: the level is that of the nearest
// ancestor that has one; records go to its own handlers and to those of its
// ancestors, up to the first that does not propagate; of the loggers only its
// own filters count, and none of the ancestors' levels.
func (t *tree) route(name string) route {
	if t.disabled[name] {
		return route{level: nothing}
	}
	r := route{level: t.level(name)}
	if l := t.plan.loggers[name]; l != nil {
		r.filters = l.filters
	}
	for at := name; ; at = parent(at) {
		l := t.plan.loggers[at]
		if l != nil {
			for _, h := range l.handlers {
				spec := t.plan.handlers[h]
				r.targets = append(r.targets, target{spec.level, spec.filters, t.outputs[h].handler(name)})
			}
		}
		if at == "" || l != nil && !l.propagate {
			break
		}
	}
	if len(r.targets) == 0 {
		r.targets = []target{{level: slog.LevelWarn, h: lastResort.handler(name)}}
	}
	lowest := nothing
	for _, g := range r.targets {
		lowest = min(lowest, g.level)
	}
	r.level = max(r.level, lowest)
	return r
}

// level is the effective level of a logger.
func (t *tree) level(name string) slog.Level {
	for at := name; ; at = parent(at) {
		if l := t.plan.loggers[at]; l != nil && l.hasLevel {
			return l.level
		}
		if at == "" {
			return slog.LevelWarn
		}
	}
}

// lastResort is where warnings and what is worse go when a logger has no handlers
// at all: standard error, as in Python.
var lastResort = &output{
	spec: &handlerSpec{formatter: messageOnly()},
	sink: sink.Stream(stderr{}),
	told: &teller{tell: func(error) {}},
}

// stderr is whatever os.Stderr is when it is written to.
type stderr struct{}

func (stderr) Write(p []byte) (int, error) { return os.Stderr.Write(p) }

// silence returns the loggers that a reload disables: those in use that the
// document names neither themselves nor by an ancestor.
func (p *plan) silence(inUse []string) map[string]bool {
	off := map[string]bool{}
	for _, name := range inUse {
		if name != "" && p.disableExisting && !p.names(name) {
			off[name] = true
		}
	}
	return off
}

// names reports whether the document has the logger or one above it.
func (p *plan) names(logger string) bool {
	for at := logger; at != ""; at = parent(at) {
		if p.loggers[at] != nil {
			return true
		}
	}
	return false
}
