package logconfig

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/logconfig/internal/pyformat"
)

// What formatters are made by.
const (
	pythonFormatter     = "logging.Formatter"
	cloudWatchFormatter = "watchtower.CloudWatchLogFormatter"
)

// formatterKeys are the keys of a formatter.
var formatterKeys = []key{
	{name: "class", also: []string{"()"}, want: wantText, doc: pythonFormatter + " (if missing) or " + cloudWatchFormatter + "."},
	{
		name: "format", also: []string{"fmt"}, want: wantText,
		doc: "A format string of Python's logging, or json or text for the forms of log/slog. If missing, the message alone.",
	},
	{name: "datefmt", want: wantText, doc: "How %(asctime)s shows the time, in the conversions of strftime."},
	{name: "style", want: wantChoice, choices: []string{"%", "{", "$"}, doc: "How the format string names fields. If missing, %."},
	{name: "validate", want: wantBool, doc: "Taken, and without effect: formats are always checked."},
	{name: "defaults", want: wantTags, doc: "Values for fields that a record does not have."},
	{name: "add_log_record_attrs", want: wantNames, doc: "With " + cloudWatchFormatter + ": fields of the record to send as JSON beside the message, msg."},
	{name: "add_source", want: wantBool, doc: "With json or text: add the file, line and function of the call."},
	{
		name: "json_serialize_default", want: wantText,
		refuse: "a function cannot be named here: values are written as log/slog does; give them a MarshalJSON or LogValue method, or set EncodeAny by Options.Watchtower in the program",
	},
}

// A formatterSpec is a formatter as the document has it.
type formatterSpec struct {
	native    string // json or text, or empty for a format string of Python
	format    string
	datefmt   string
	style     string
	added     []string // add_log_record_attrs
	defaults  map[string]string
	addSource bool

	// silent leaves out records without any text, which CloudWatch does not take.
	silent bool

	parsed *pyformat.Format            // of format, datefmt and style
	fields map[string]*pyformat.Format // of each of added that Python's records have
}

// same reports whether two formatters write the same.
func (f *formatterSpec) same(g *formatterSpec) bool {
	return f.native == g.native && f.format == g.format && f.datefmt == g.datefmt && f.style == g.style &&
		f.addSource == g.addSource && slices.Equal(f.added, g.added) && maps.Equal(f.defaults, g.defaults)
}

// messageOnly is the formatter of Python's handlers that have none.
func messageOnly() *formatterSpec {
	f := &formatterSpec{}
	f.parsed, _ = pyformat.Parse("", "", "") // the default format is a good one
	return f
}

// formatter reads a formatter.
func (d *draft) formatter(e entry, path string) {
	f := d.fields(e.value, path, formatterKeys)
	spec := &formatterSpec{format: f.text("format"), datefmt: f.text("datefmt"), style: f.text("style"), addSource: f.is("add_source", false)}
	d.formatters[e.key] = spec
	spec.defaults, _ = f["defaults"].value.(map[string]string)
	for _, n := range f.names("add_log_record_attrs") {
		spec.added = append(spec.added, n.text)
	}
	spec.fields = fieldFormats(spec.added)
	class := f.text("class")
	switch class {
	case "", pythonFormatter, cloudWatchFormatter:
	default:
		remedy := "write a format"
		if strings.Contains(strings.ToLower(class), "json") {
			remedy = "write format: json instead"
		}
		d.wrong(f["class"].at, f["class"].path, "%s; for others %s", unknown("formatter", class, []string{pythonFormatter, cloudWatchFormatter}), remedy)
	}
	if len(spec.added) > 0 && class != cloudWatchFormatter {
		d.wrong(f["add_log_record_attrs"].keyAt, path, `add_log_record_attrs needs "()": %s`, cloudWatchFormatter)
	}
	if s := spec.format; s == "json" || s == "text" {
		spec.native = s
		return
	}
	if spec.addSource {
		d.wrong(f["add_source"].keyAt, path, "add_source is for json and text: a format of Python names %%(pathname)s and %%(lineno)d")
	}
	var err error
	if spec.parsed, err = pyformat.Parse(spec.format, spec.datefmt, spec.style); err != nil {
		d.badFormat(f, err)
	}
}

// badFormat notes what is wrong with a format string, at its place within it
// where the string stands in the document as it is.
func (d *draft) badFormat(f fields, err error) {
	at := f["format"]
	offset, text, part := 0, f.text("format"), ""
	if p, ok := errors.AsType[*pyformat.ParseError](err); ok {
		offset, part = p.Offset, p.Text
		if p.DateFmt {
			at, text = f["datefmt"], f.text("datefmt")
		}
	}
	if at.path == "" {
		at = f["style"]
	}
	d.wrong(d.within(at.at, text, offset, part), at.path, "%v", err)
}

// within is the place of a part of a text, or of the text itself where it stands
// in the document in another way, as with escapes.
func (r *reader) within(at position, text string, offset int, part string) position {
	if at.line < 1 || at.line > len(r.lines) || offset > len(text) {
		return at
	}
	line := []rune(r.lines[at.line-1])
	from := min(max(at.column-1, 0), len(line))
	if from < len(line) && (line[from] == '|' || line[from] == '>') {
		return r.below(at, part)
	}
	if from < len(line) && (line[from] == '"' || line[from] == '\'') {
		from++
	}
	if !strings.HasPrefix(string(line[from:]), text) {
		return at
	}
	return position{at.line, from + 1 + utf8.RuneCountInString(text[:offset])}
}

// below is the place of a part of a text in the lines below, or of the text itself
// where it is not found.
func (r *reader) below(at position, part string) position {
	for i, line := range r.lines[at.line:] {
		if before, _, ok := strings.Cut(line, part); ok && part != "" {
			return position{at.line + i + 1, utf8.RuneCountInString(before) + 1}
		}
	}
	return at
}
