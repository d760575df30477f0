package encode

import (
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// Late are fields of every record whose values are found out after the first records
// are made. Until Known, a fragment has a control character in their place, right
// before the end of its message, which nothing else in a fragment is; Complete puts
// them there. From then on records are made with them.
type Late struct {
	fields []LateField
	text   bool // the format
	room   int  // bounds what they take of a message, in bytes
	known  atomic.Pointer[lateRun]
}

// A LateField is one of them.
type LateField struct {
	Key   string
	Value func() string // what is known of it; it does not block
	Most  string        // a value of which no other is longer, but for quotation marks
}

// A lateRun is the fields in their forms.
type lateRun struct {
	run
	attrs []slog.Attr
}

// The marks: of fields that come after others, and of those that come first.
const (
	markMore  = 1
	markFirst = 2
)

// NewLate returns nil if there are no fields.
func NewLate(f Format, fields []LateField) *Late {
	if len(fields) == 0 {
		return nil
	}
	l := &Late{fields: fields, text: f == Text}
	var longest []slog.Attr
	for _, f := range fields {
		longest = append(longest, slog.String(f.Key, f.Most))
	}
	if l.room = AttrsSize(f, longest); l.text {
		l.room += len(`""`) * len(fields) // a shorter value may need them
	}
	return l
}

// AttrsSize is how many bytes of a message attributes take that no option has a say
// in, such as Options.Fields.
func AttrsSize(f Format, attrs []slog.Attr) int {
	r := attrsRun(f == Text, attrs)
	return len(r.out) - r.extra
}

// Known tells that the values are final.
func (l *Late) Known() { l.known.Store(l.now()) }

// keys returns the names of the fields.
func (l *Late) keys() (keys []string) {
	for _, f := range l.fields {
		keys = append(keys, f.Key)
	}
	return keys
}

// now makes the fields of what is known.
func (l *Late) now() *lateRun {
	if r := l.known.Load(); r != nil {
		return r
	}
	r := new(lateRun)
	for _, f := range l.fields {
		r.attrs = append(r.attrs, slog.String(f.Key, f.Value()))
	}
	r.run = attrsRun(l.text, r.attrs)
	return r
}

// attrsRun formats attributes that no option has a say in.
func attrsRun(text bool, attrs []slog.Attr) run {
	b := Buffer{more: true} // a run begins with its separator
	b.attrs(&Encoder{text: text, simple: !text}, attrs)
	return run{b.out, b.extra}
}

// late writes the fields, or notes that the message needs a mark and room.
func (b *Buffer) late(l *Late) {
	r := l.known.Load()
	if r == nil {
		b.room = l.room
		return
	}
	b.appendRun(r.run)
}

// lateMark writes the mark, at the end of the message.
func (b *Buffer) lateMark() {
	if b.more {
		b.out = append(b.out, markMore)
	} else {
		b.out = append(b.out, markFirst)
	}
	b.extra++
}

// Complete puts the fields into an event that has a mark, and reports whether it had
// one. The event's fragment has memory of its own then.
func (l *Late) Complete(e *cwl.Event) bool {
	at := markOf(e.Fragment)
	if at < 0 {
		return false
	}
	r := l.now().run
	if e.Fragment[at] == markFirst {
		r.out = r.out[1:] // the separator
	}
	e.Size += len(r.out) - r.extra
	e.Fragment = slices.Concat(e.Fragment[:at], r.out, e.Fragment[at+1:])
	return true
}

// markOf is where the mark is in a fragment, or -1.
func markOf(fragment []byte) int {
	for _, end := range []string{closing, "}" + closing} {
		if at := len(fragment) - len(end) - 1; at > 0 && (fragment[at] == markMore || fragment[at] == markFirst) {
			return at
		}
	}
	return -1
}
