package encode

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

const (
	// startBytes is the room of a new buffer: a record of a dozen attributes.
	startBytes = 2 << 10
	// keepBytes bounds what a buffer may hold to be used again, so that one
	// huge record does not stay in memory for good.
	keepBytes = 64 << 10
)

// A Buffer holds the events that one record or line became, and what it takes
// to make them. It belongs to one goroutine, from Get to Free.
type Buffer struct {
	events []cwl.Event
	single [1]cwl.Event // the memory of events, most of the time
	out    []byte       // the memory of the fragments

	body  int  // where the message begins in out
	extra int  // bytes of out, from body on, that only the escaping added
	more  bool // the next attribute needs a separator

	prefix   []byte   // text: the names of the open groups, dotted
	groups   []string // the open groups, as ReplaceAttr wants them
	depth    int      // how many there are
	builtin  bool     // time, level, source and msg are being written
	clear    bool     // a source is being written: it is not redacted
	resolved int      // LogValue calls so far
	leftOut  int64    // see LeftOut
	room     int      // for late fields, which the message lacks

	metrics []metricAttr // of the record, not those of its encoder
	dims    []Dimensions

	enc      *Encoder // whose Options.Capture it was
	captured []span   // by index of Options.Capture
	texts    []byte   // the memory of captured

	head    timePrefix
	scratch []byte
	std     *stdEncoder // made when first needed
}

// span is a piece of Buffer.texts.
type span struct {
	from, to int
	set      bool
}

// stdEncoder is encoding/json without HTML escaping.
type stdEncoder struct {
	buf bytes.Buffer
	enc *json.Encoder
}

var pool = sync.Pool{New: func() any {
	return &Buffer{out: make([]byte, 0, startBytes)}
}}

// Get returns an empty buffer. A LogValuer that logs gets another one.
func Get() *Buffer { return pool.Get().(*Buffer) }

// Free gives the buffer back. Its events must not be used afterwards.
func (b *Buffer) Free() {
	if cap(b.out)+cap(b.texts)+cap(b.scratch) > keepBytes {
		return
	}
	if b.std != nil && b.std.buf.Cap() > keepBytes {
		b.std = nil
	}
	b.reset()
	pool.Put(b)
}

// LeftOut makes the next call of Record, which must be the first, write n, unless
// it is zero, as the field _sampled_out, outside of all groups: so many records
// like this one were left out.
func (b *Buffer) LeftOut(n int64) { b.leftOut = n }

// sampledOut is that field.
const sampledOut = "_sampled_out"

// Events returns what the last call of Record or Line made: one event, or
// several for Split, or none where that call returned an error. Their memory
// is the buffer's. The caller fills in Stream.
func (b *Buffer) Events() []cwl.Event { return b.events }

// Refused returns the message for which the last call returned a *SizeError.
func (b *Buffer) Refused() string { return string(unescape(nil, view(b.out[b.body:]))) }

// Empty reports whether the only event has an empty message, which the service
// refuses.
func (b *Buffer) Empty() bool { return len(b.events) == 1 && b.events[0].Size == 0 }

// Captured returns the text of the attribute Options.Capture[i], or nil where
// the record has none. It is cut to maxCaptured bytes.
func (b *Buffer) Captured(i int) []byte {
	if i < len(b.captured) && b.captured[i].set {
		s := b.captured[i]
		return b.texts[s.from:s.to]
	}
	if b.enc != nil && i < len(b.enc.captured) {
		return b.enc.captured[i]
	}
	return nil
}

// reset empties the buffer and lets go of what belongs to others.
func (b *Buffer) reset() {
	if len(b.events) == 1 {
		b.events[0] = cwl.Event{}
	} else {
		clear(b.events)
	}
	b.events = nil
	b.out, b.prefix, b.texts = b.out[:0], b.prefix[:0], b.texts[:0]
	clear(b.groups)
	b.groups, b.captured = b.groups[:0], b.captured[:0]
	b.body, b.extra, b.depth, b.resolved, b.more = 0, 0, 0, 0, false
	clear(b.metrics)
	clear(b.dims)
	b.metrics, b.dims = b.metrics[:0], b.dims[:0]
	b.enc, b.leftOut, b.room, b.builtin, b.clear = nil, 0, 0, false, false
}

// begin makes the buffer ready for a record of e.
func (b *Buffer) begin(e *Encoder) {
	if b.enc != nil {
		b.reset()
	}
	b.enc = e
	if e.captured != nil {
		b.beginCapture(len(e.captured))
	}
}

// enter takes on the groups that are open in what e has formatted already.
func (b *Buffer) enter(e *Encoder) {
	if e.nOpen > 0 {
		b.depth = e.nOpen
		b.prefix = append(b.prefix, e.prefix...)
		b.groups = append(b.groups, e.groups[:e.nOpen]...)
	}
}

// marshal returns v as encoding/json writes it, without HTML escaping. The
// result is valid until the next call.
func (b *Buffer) marshal(v any) ([]byte, error) {
	if b.std == nil {
		b.std = new(stdEncoder)
		b.std.enc = json.NewEncoder(&b.std.buf)
		b.std.enc.SetEscapeHTML(false)
	}
	b.std.buf.Reset()
	if err := b.std.enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.std.buf.Bytes(), []byte{'\n'}), nil
}
