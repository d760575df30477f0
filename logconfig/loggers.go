package logconfig

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// loggerKeys are the keys of a logger.
var loggerKeys = []key{
	{name: "level", want: wantLevel, doc: "The lowest level that is logged. If missing, that of the nearest ancestor that has one; the root has WARNING."},
	{name: "propagate", want: wantBool, doc: "Whether records go to the handlers of the ancestors too. If missing, true. The root has no ancestors."},
	{name: "handlers", want: wantNames, doc: "The names of the handlers."},
	{name: "filters", want: wantNames, doc: "The names of filters for what is logged by this very logger."},
}

// A loggerSpec is a logger as the document has it.
type loggerSpec struct {
	name      string
	level     slog.Level
	hasLevel  bool // the document gives one, and it is not NOTSET
	propagate bool
	handlers  []string
	filters   []filterSpec

	// What an incremental document changes.
	givesLevel, givesPropagate bool
}

// newLoggerSpec is a logger with Python's defaults.
func newLoggerSpec(name string) *loggerSpec {
	s := &loggerSpec{name: name, propagate: true}
	if name == "" {
		s.level, s.hasLevel = slog.LevelWarn, true
	}
	return s
}

// canonical is the name of a logger: that of the root is empty.
func canonical(name string) string {
	if name == "root" {
		return ""
	}
	return name
}

// parent is the name above a logger's.
func parent(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[:i]
	}
	return ""
}

// logger reads a logger.
func (d *draft) logger(name string, n *node, path string) {
	f := d.fields(n, path, loggerKeys)
	name = canonical(name)
	s := d.loggers[name]
	if s == nil {
		s = newLoggerSpec(name)
		d.loggers[name] = s
	}
	if l, ok := f["level"].value.(slog.Level); ok {
		s.level, s.hasLevel, s.givesLevel = l, l != everything || name == "", true
	}
	if v, ok := f["propagate"].value.(bool); ok {
		s.propagate, s.givesPropagate = v, true
	}
	if d.incremental {
		return
	}
	// The root may be there twice, as a logger and by itself: the handlers of the
	// last count then, and the filters of both, as in Python.
	s.handlers = d.handlersNamed(f.names("handlers"), f["handlers"].path)
	s.filters = append(s.filters, d.filtersNamed(f.names("filters"), f["filters"].path)...)
}

// handlersNamed returns the names of the handlers that a logger refers to, each
// once.
func (d *draft) handlersNamed(refs []reference, path string) (list []string) {
	for _, ref := range refs {
		if _, ok := d.handlers[ref.text]; !ok {
			d.wrong(ref.at, path, "%s", unknown("handler", ref.text, sortedKeys(d.handlers)))
		} else if !slices.Contains(list, ref.text) {
			list = append(list, ref.text)
		}
	}
	return list
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
