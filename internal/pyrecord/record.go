// Package pyrecord knows the attributes of Python's LogRecord, by their names
// there: name levelno levelname pathname filename module lineno funcName created
// asctime msecs relativeCreated thread threadName taskName process processName
// message (documentation of Python's logging, "LogRecord attributes"). Go has no
// threads that a program could name: threadName is MainThread, thread is 1,
// processName is MainProcess, and taskName is None.
package pyrecord

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/internal/near"
)

// A Record is what the attributes are of.
type Record struct {
	Name    string // of the logger, "" for the root
	Level   slog.Level
	Message string
	Time    time.Time
	Source  slog.Source // zero if it is not known
}

// An attribute is one of Python's.
type attribute struct {
	name   string
	source bool // of where the call was
	value  func(r *Record) slog.Value
}

func text(name string, value func(r *Record) string) attribute {
	return attribute{name: name, value: func(r *Record) slog.Value { return slog.StringValue(value(r)) }}
}

func number(name string, value func(r *Record) int) attribute {
	return attribute{name: name, value: func(r *Record) slog.Value { return slog.IntValue(value(r)) }}
}

func float(name string, value func(r *Record) float64) attribute {
	return attribute{name: name, value: func(r *Record) slog.Value { return slog.Float64Value(value(r)) }}
}

func source(a attribute) attribute {
	a.source = true
	return a
}

// attributes are all of them that a record has at any time.
var attributes = []attribute{
	text("name", func(r *Record) string { return cmp.Or(r.Name, "root") }),
	number("levelno", func(r *Record) int { return LevelNumber(r.Level) }),
	text("levelname", func(r *Record) string { return LevelName(r.Level) }),
	source(text("pathname", func(r *Record) string { return PathName(r.Source.File) })),
	source(text("filename", func(r *Record) string { return FileName(r.Source.File) })),
	source(text("module", func(r *Record) string { return Module(r.Source.File) })),
	source(number("lineno", func(r *Record) int { return r.Source.Line })),
	source(text("funcName", func(r *Record) string { return FuncName(r.Source.Function) })),
	float("created", func(r *Record) float64 { return Created(r.Time) }),
	text("asctime", func(r *Record) string {
		return string(AppendMsecs(Second(r.Time).AppendFormat(nil, time.DateTime), r.Time))
	}),
	number("msecs", func(r *Record) int { return Msecs(r.Time) }),
	float("relativeCreated", func(r *Record) float64 { return RelativeCreated(r.Time) }),
	number("thread", func(*Record) int { return Thread }),
	text("threadName", func(*Record) string { return ThreadName }),
	{name: "taskName", value: func(*Record) slog.Value { return slog.AnyValue(nil) }},
	number("process", func(*Record) int { return Process }),
	text("processName", func(*Record) string { return ProcessName }),
	text("message", func(r *Record) string { return r.Message }),
}

// Names returns the names of all attributes.
func Names() []string {
	names := make([]string, len(attributes))
	for i := range attributes {
		names[i] = attributes[i].name
	}
	return names
}

// An Attr is one attribute of records.
type Attr struct{ *attribute }

// Lookup returns the attribute of that name. The error names the nearest.
func Lookup(name string) (Attr, error) {
	for i := range attributes {
		if attributes[i].name == name {
			return Attr{&attributes[i]}, nil
		}
	}
	const longest = 64 // what can still be near one
	lower := strings.ToLower(name[:min(len(name), longest)])
	distance := func(a attribute) int { return near.Distance(lower, strings.ToLower(a.name)) }
	nearest := slices.MinFunc(attributes, func(a, b attribute) int { return distance(a) - distance(b) })
	if distance(nearest) <= 1+len(nearest.name)/3 {
		return Attr{}, fmt.Errorf("%.80q is no attribute of Python's records: did you mean %s?", name, nearest.name)
	}
	return Attr{}, fmt.Errorf("%.80q is no attribute of Python's records: known are %s", name, strings.Join(Names(), " "))
}

// Of returns the attribute of a record.
func (a Attr) Of(r *Record) slog.Attr { return slog.Attr{Key: a.name, Value: a.value(r)} }

// NeedsSource reports whether Record.Source has a part in it.
func (a Attr) NeedsSource() bool { return a.source }
