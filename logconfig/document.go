package logconfig

import (
	"bytes"
	"unicode/utf8"
)

// documentKeys are the keys of a document, which is what Python's
// logging.config.dictConfig takes.
var documentKeys = []key{
	{name: "version", want: wantNumber, doc: "The version of the schema: 1."},
	{name: "formatters", want: wantMap, doc: "Formatters by name: how a record becomes a line."},
	{name: "filters", want: wantMap, doc: "Filters by name: which records pass."},
	{name: "handlers", want: wantMap, doc: "Handlers by name: where lines go."},
	{name: "loggers", want: wantMap, doc: "Loggers by their dotted names."},
	{name: "root", want: wantMap, doc: "The root logger, above all others."},
	{
		name: "disable_existing_loggers", want: wantBool,
		doc: "At a reload, silence the loggers in use that the document names neither themselves nor by an ancestor. If missing, true, as in Python.",
	},
	{name: "incremental", want: wantBool, doc: "Change levels and propagation of the configuration that runs, and nothing else. Only for a reload."},
}

// A plan is a document that was read and found good: all that has to be started.
type plan struct {
	name            string
	lines           []string
	handlers        map[string]*handlerSpec
	loggers         map[string]*loggerSpec // "" is the root, which is always there
	disableExisting bool
	incremental     bool
	incrementalAt   position
}

// readPlan reads a document. The error is an [*Error] with everything that is
// wrong with it.
func readPlan(name string, data []byte) (*plan, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	r := newReader(name, data)
	switch {
	case len(data) > maxBytes:
		r.lines = nil
		r.wrong(position{}, "", "it has %d bytes: a configuration has at most %d", len(data), maxBytes)
		return nil, r.err()
	case !utf8.Valid(data):
		r.wrong(notUTF8(data), "", "it is not UTF-8 here: save it in that encoding")
		return nil, r.err()
	}
	var root *node
	if looksJSON(data) {
		root = r.parseJSON(data)
	} else {
		root = r.parseYAML(data)
	}
	if root == nil {
		return nil, r.err()
	}
	p := r.plan(root)
	return p, r.err()
}

// notUTF8 is the place of the first byte that is not UTF-8.
func notUTF8(data []byte) position {
	at := position{1, 1}
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		switch {
		case c == utf8.RuneError && size == 1:
			return at
		case c == '\n':
			at = position{at.line + 1, 1}
		default:
			at.column++
		}
		data = data[size:]
	}
	return at
}

// plan reads the root of a document.
func (r *reader) plan(root *node) *plan {
	d := &draft{reader: r, formatters: map[string]*formatterSpec{}, filters: map[string]filterSpec{}, plan: &plan{
		name: r.name, lines: r.lines, handlers: map[string]*handlerSpec{}, loggers: map[string]*loggerSpec{},
	}}
	f := r.fields(root, "", documentKeys)
	if root.kind == mapKind {
		if v := root.find("version"); v == nil {
			r.wrong(root.at, "", `the key "version" is missing: write version: 1`)
		} else if n, ok := f["version"].value.(int); ok && n != 1 {
			r.wrong(v.at, "version", "%d is not known: write version: 1", n)
		}
	}
	d.disableExisting = f.is("disable_existing_loggers", true)
	d.incremental, d.incrementalAt = f.is("incremental", false), f["incremental"].at
	d.section(f, "formatters", d.formatter)
	d.section(f, "filters", d.filter)
	d.section(f, "handlers", d.handler)
	d.section(f, "loggers", func(e entry, path string) { d.logger(e.key, e.value, path) })
	if root, ok := f["root"].value.(*node); ok && len(root.entries) > 0 { // an empty one is none, as in Python
		d.logger("", root, "root")
	}
	if d.loggers[""] == nil {
		d.loggers[""] = newLoggerSpec("")
	}
	return d.plan
}

// A draft is a plan that is being made.
type draft struct {
	*reader
	*plan
	formatters map[string]*formatterSpec
	filters    map[string]filterSpec
}

// section reads the entries of one of the mappings of a document.
func (d *draft) section(f fields, name string, read func(e entry, path string)) {
	n, ok := f[name].value.(*node)
	if !ok {
		return
	}
	for _, e := range n.entries {
		read(e, joinPath(name, e.key))
	}
}
