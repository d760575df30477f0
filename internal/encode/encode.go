package encode

import (
	"cmp"
	"io"
	"log/slog"
	"slices"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

// Options tell how records become messages. The zero value is JSON without
// source, up to the service's limit.
type Options struct {
	// Format is the form of a record's message.
	Format Format
	// AddSource adds the position of the log call.
	AddSource bool
	// RecordAttrs are attributes of Python's log records to add after the message.
	RecordAttrs []pyrecord.Attr
	// EncodeAny, if set, returns what is written in place of a value of no kind
	// of slog's own, and true; after ReplaceAttr, before Redact.
	EncodeAny func(v any) (any, bool)
	// ReplaceAttr has the rules of slog.HandlerOptions. It runs on the
	// goroutine that logs, with no lock held.
	ReplaceAttr func(groups []string, a slog.Attr) slog.Attr
	// Redact, if set, returns what is written in place of a text, after
	// ReplaceAttr: see the package comment. It runs on the goroutine that logs,
	// with no lock held.
	Redact func(key, value string) string
	// NewFormatter, if set, takes the place of Format, AddSource, RecordAttrs,
	// EncodeAny and ReplaceAttr: the handler that it returns writes messages to w.
	NewFormatter func(w io.Writer) slog.Handler

	// MaxSize bounds a message in UTF-8 bytes. If zero, or above it,
	// cwl.MaxEventBytes; below MinMaxSize it is MinMaxSize.
	MaxSize int
	// Oversize says what becomes of a longer message.
	Oversize Oversize

	// Namespace, with JSON, is that of the metrics that records carry (see
	// Metric); without one these are plain attributes. It must be valid.
	Namespace string
	// Report hears of a metric, or else of a set of dimensions, that breaks a
	// limit and so is no more than an attribute. It is called by each record.
	Report func(metric string, d Dimensions, why string)

	// Fields are in every record, after the logger's name and outside of all groups;
	// Late are too, at the end. ReplaceAttr, EncodeAny and Redact don't see them.
	// Lines have none.
	Fields []slog.Attr
	Late   *Late
	// LoggerKey is the key under which Named puts the logger's name, right
	// after the message. If empty, names are not written.
	LoggerKey string
	// Capture lists the keys of top-level attributes whose text the caller
	// wants to know: see Buffer.Captured.
	Capture []string
}

// MinMaxSize is the smallest bound for a message, in bytes: what is left of a
// shortened record, or the frame around a part, must fit.
const MinMaxSize = 256

// Format is the form of a message.
type Format int

const (
	// JSON is one object, as slog.JSONHandler writes it.
	JSON Format = iota
	// Text is key=value pairs, as slog.TextHandler writes them.
	Text
)

// Oversize is what becomes of a message longer than Options.MaxSize.
type Oversize int

const (
	// Shrink shortens it; JSON stays valid.
	Shrink Oversize = iota
	// Split makes several events of it.
	Split
	// Drop makes Record and Line return a *SizeError.
	Drop
)

// An Encoder turns records into events. It is immutable and safe for
// concurrent use; With… and Named return derived ones, whose attributes are
// formatted and escaped once.
type Encoder struct {
	opts    Options
	text    bool
	replace func([]string, slog.Attr) slog.Attr
	simple  bool // JSON, and nothing to capture
	hooked  bool // there is a ReplaceAttr or a Redact
	max     int
	sources *sourceCache // nil unless the position of calls is asked for
	logger  string       // its name

	// groups are all groups opened by WithGroup. The first nOpen of them are
	// opened in pre, the others are opened by the first attribute that
	// follows.
	groups []string
	nOpen  int
	// prefix is for text: the names of the groups opened in pre, dotted.
	prefix []byte

	name run // the logger's name, and Options.Fields
	pre  run // the attributes given to WithAttrs
	both run // name and pre in one: what a record copies

	metrics []metricAttr // given to WithAttrs
	dims    []Dimensions

	captured [][]byte   // texts for Options.Capture; nil where there is none
	formats  *formatter // nil unless NewFormatter
}

// A run is a finished piece of a message, already escaped. It begins with the
// separator that it needs unless it is the first.
type run struct {
	out   []byte
	extra int // how many bytes only the escaping added
}

// New returns an encoder. It uses no part of o that the caller may change.
func New(o Options) *Encoder {
	o.MaxSize = min(cmp.Or(max(o.MaxSize, 0), cwl.MaxEventBytes), cwl.MaxEventBytes)
	o.MaxSize = max(o.MaxSize, MinMaxSize)
	o.Capture = slices.Clone(o.Capture)
	e := &Encoder{opts: o, text: o.Format == Text, replace: o.ReplaceAttr, max: o.MaxSize}
	if o.NewFormatter == nil && (o.AddSource || slices.ContainsFunc(o.RecordAttrs, pyrecord.Attr.NeedsSource)) {
		e.sources = new(sourceCache)
	}
	if n := len(o.Capture); n > 0 {
		e.captured = make([][]byte, n)
	}
	e.simple = !e.text && e.captured == nil
	e.hooked = o.ReplaceAttr != nil || o.Redact != nil
	if e.text || o.NewFormatter != nil {
		e.opts.Namespace = ""
	}
	if o.NewFormatter != nil {
		e.formats = &formatter{make: o.NewFormatter, fields: slices.Clone(o.Fields), late: o.Late}
		return e
	}
	e.name = attrsRun(e.text, o.Fields)
	e.join()
	return e
}

// WithAttrs returns an encoder whose records begin with attrs, in the groups
// that are open.
func (e *Encoder) WithAttrs(attrs []slog.Attr) *Encoder {
	if len(attrs) == 0 {
		return e
	}
	b := Get()
	defer b.Free()
	b.begin(e)
	if e.formats != nil {
		return e.formatterWithAttrs(b, attrs)
	}
	b.more = true // a run begins with its separator
	b.enter(e)
	b.openGroups(e)
	some := b.attrs(e, attrs)
	d := *e
	d.metrics = append(slices.Clip(e.metrics), b.metrics...)
	d.dims = append(slices.Clip(e.dims), b.dims...)
	if !some {
		return &d
	}
	d.pre = run{append(slices.Clip(e.pre.out), b.out...), e.pre.extra + b.extra}
	d.prefix = slices.Clone(b.prefix)
	d.nOpen = len(e.groups)
	d.captured = b.allCaptured()
	d.join()
	return &d
}

// WithGroup returns an encoder that puts all attributes that follow into a
// group. An empty name changes nothing.
func (e *Encoder) WithGroup(name string) *Encoder {
	if name == "" {
		return e
	}
	d := *e
	d.groups = append(slices.Clip(e.groups), name)
	if e.formats != nil {
		d.formats = e.formats.withGroup(name)
	}
	return &d
}

// Named returns an encoder that puts name under Options.LoggerKey, right after
// the message and outside of all groups. It takes the place of an earlier name;
// an empty one takes it away.
func (e *Encoder) Named(name string) *Encoder {
	if e.opts.LoggerKey == "" {
		return e
	}
	d := *e
	d.name, d.logger = run{}, name
	if e.formats != nil {
		d.formats = e.formats.named(e.opts.LoggerKey, name)
		return &d
	}
	if name != "" {
		b := Get()
		defer b.Free()
		b.more = true
		b.attr(&Encoder{text: e.text, replace: e.replace, hooked: e.replace != nil}, slog.String(e.opts.LoggerKey, name))
		d.name = run{slices.Clone(b.out), b.extra}
	}
	fields := attrsRun(e.text, e.opts.Fields)
	d.name = run{append(d.name.out, fields.out...), d.name.extra + fields.extra}
	d.join()
	return &d
}

// join makes one run of the name and the attributes.
func (e *Encoder) join() {
	e.both = run{slices.Concat(e.name.out, e.pre.out), e.name.extra + e.pre.extra}
}
