package logconfig

import (
	"log/slog"
	"math"
	"strings"
)

const pythonFilter = "logging.Filter"

// filterKeys are the keys of a filter.
var filterKeys = []key{
	{name: "class", also: []string{"()"}, want: wantText, doc: pythonFilter + " (if missing)."},
	{name: "name", want: wantText, doc: "Lets through the records of the logger of this name and of those below it. If missing or empty, of all."},
	{name: "level", want: wantLevel, doc: "Lets through records of this level and above."},
	{name: "max_level", want: wantLevel, doc: "Lets through records of this level and below."},
}

// A filterSpec is a filter.
type filterSpec struct {
	name     string
	from, to slog.Level
}

// passes reports whether a record of a logger passes.
func (f filterSpec) passes(logger string, level slog.Level) bool {
	if level < f.from || level > f.to {
		return false
	}
	if f.name == "" || logger == f.name {
		return true
	}
	return strings.HasPrefix(logger, f.name) && logger[len(f.name)] == '.'
}

// pass reports whether a record passes all filters.
func pass(filters []filterSpec, logger string, level slog.Level) bool {
	for _, f := range filters {
		if !f.passes(logger, level) {
			return false
		}
	}
	return true
}

// filter reads a filter.
func (d *draft) filter(e entry, path string) {
	f := d.fields(e.value, path, filterKeys)
	spec := filterSpec{name: f.text("name"), from: everything, to: slog.Level(math.MaxInt)}
	if l, ok := f["level"].value.(slog.Level); ok {
		spec.from = l
	}
	if l, ok := f["max_level"].value.(slog.Level); ok {
		spec.to = l
	}
	if class := f.text("class"); class != "" && class != pythonFilter {
		d.wrong(f["class"].at, f["class"].path, "%s; code of Python cannot run here: filter by name or level",
			unknown("filter", class, []string{pythonFilter}))
	}
	d.filters[e.key] = spec
}

// filtersNamed returns the filters that a handler or logger refers to.
func (d *draft) filtersNamed(refs []reference, path string) (list []filterSpec) {
	for _, ref := range refs {
		f, ok := d.filters[ref.text]
		if !ok {
			d.wrong(ref.at, path, "%s", unknown("filter", ref.text, sortedKeys(d.filters)))
			continue
		}
		list = append(list, f)
	}
	return list
}
