// Package pyformat formats records by the format strings of Python's logging,
// in its three styles, with the results of CPython 3.13:
//
//	%   %(asctime)s %(levelname)-8s %(message)s
//	{   {asctime} {levelname:<8} {message}
//	$   $asctime ${levelname} $message
//
// The names are those of Python's LogRecord: name levelno levelname pathname
// filename module lineno funcName created asctime msecs relativeCreated thread
// threadName taskName process processName message, and msg for message. Go has
// no threads that a program could name: threadName is MainThread, thread is
// 1, processName is MainProcess, taskName is None; so are exc_info, exc_text and
// stack_info, and args is (). Any other name is a field of the record
// (Record.Attr), as Python's extra=… gives it.
package pyformat

import (
	"log/slog"
	"slices"
)

// A Format is a format string that was parsed. It is safe for concurrent use.
type Format struct {
	parts []part
	date  date
}

// A part is a piece of text, or a field and how it is shown.
type part struct {
	literal string
	field   field // without a name for a literal
	spec    spec
}

// Parse reads a format string. The style is "%", "{" or "$"; "" is "%". An empty
// format is the message alone. The datefmt is how %(asctime)s shows the local
// time, in the conversions of strftime; "" is Python's default, which is
// "%Y-%m-%d %H:%M:%S" and ",123" for the milliseconds.
//
// What Python refuses when the Formatter is made is an error, and so is what
// would fail there at each record: a *ParseError. So is a name that can
// only be a misspelling of one of Python's own, a width or precision above 4,096,
// one that is not a number (%*d, {lineno:{width}}), and a look into a field
// ({user.name}).
func Parse(format, datefmt, style string) (*Format, error) {
	read, whole := parsePercent, or(format, "%(message)s")
	switch style {
	case "", "%":
	case "{":
		read, whole = parseBrace, or(format, "{message}")
	case "$":
		read, whole = parseDollar, or(format, "${message}")
	default:
		return nil, wrong(style, 0, len(style), "unknown style: the styles are %%, { and $")
	}
	parts, err := read(whole)
	if err != nil {
		return nil, err
	}
	date, err := parseDate(datefmt)
	if err != nil {
		return nil, err
	}
	return &Format{parts: parts, date: date}, nil
}

// Append appends the formatted record to dst, without a newline. A field
// that the record does not have comes out as "-"; one whose value is not of
// the kind that its conversion wants, as text. It never fails. It allocates
// nothing beyond the growth of dst, but for quoted text (%r, !r) and attributes
// that need it.
func (f *Format) Append(dst []byte, r *Record) []byte {
	for i := range f.parts {
		p := &f.parts[i]
		switch p.field.kind {
		case unknown:
			if p.field.name == "" {
				dst = append(dst, p.literal...)
				continue
			}
			dst = p.spec.attr(dst, attr(r, p.field.name))
		case integer:
			n := integerOf(p.field.name, r)
			dst = p.spec.signed(dst, int64(n))
		case float:
			dst = p.spec.fraction(dst, floatOf(p.field.name, r))
		default:
			mark := len(dst)
			dst = f.appendText(dst, p.field.name, r)
			if !p.spec.plain() {
				dst = p.spec.text(dst, mark, p.field.kind == text)
			}
		}
	}
	return dst
}

// Fields returns the names that the format uses, each once, in the order of
// their first use.
func (f *Format) Fields() []string {
	var names []string
	for _, p := range f.parts {
		if p.field.name != "" && !slices.Contains(names, p.field.name) {
			names = append(names, p.field.name)
		}
	}
	return names
}

// Attrs returns the names among Fields that are not Python's own: Append shows
// what Record.Attr returns for them.
func (f *Format) Attrs() []string {
	return slices.DeleteFunc(f.Fields(), func(name string) bool {
		_, ok := own[name]
		return ok
	})
}

// attr returns a field of the user's, resolved.
func attr(r *Record, name string) slog.Value {
	if r.Attr != nil {
		if v, ok := r.Attr(name); ok {
			return v.Resolve()
		}
	}
	return slog.StringValue(missing)
}
