package encode

import (
	"log/slog"
	"runtime"
	"strconv"
	"sync/atomic"
)

// 1<<sourceBits is how many log calls a sourceCache remembers.
const sourceBits = 10

// A sourceCache remembers where log calls are, by program counter. It is read
// without a lock; a call that finds its slot taken takes it over, so that it
// stays bounded.
type sourceCache struct {
	slots [1 << sourceBits]atomic.Pointer[position]
}

// position is where a log call is.
type position struct {
	pc uintptr
	slog.Source
	// json and text are the finished fields, separator included; a run of a
	// position that is not known is empty.
	json, text run
}

// lookup returns the position of pc.
func (c *sourceCache) lookup(pc uintptr) *position {
	slot := &c.slots[slotOf(pc)]
	if p := slot.Load(); p != nil && p.pc == pc {
		return p
	}
	p := locate(pc)
	slot.Store(p)
	return p
}

// slotOf is Fibonacci hashing: the low bits of program counters are much alike.
func slotOf(pc uintptr) uint64 { return uint64(pc) * 0x9e3779b97f4a7c15 >> (64 - sourceBits) }

// locate asks the runtime.
func locate(pc uintptr) *position {
	p := &position{pc: pc}
	if pc == 0 {
		return p
	}
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	p.Source = slog.Source{Function: frame.Function, File: frame.File, Line: frame.Line}
	p.json = sourceRun(&Encoder{}, &p.Source)
	p.text = sourceRun(&Encoder{text: true}, &p.Source)
	return p
}

// sourceRun formats the field for an encoder without ReplaceAttr.
func sourceRun(e *Encoder, src *slog.Source) run {
	var b Buffer
	b.more = true
	b.sourceAttr(e, slog.SourceKey, src)
	return run{b.out, b.extra}
}

// source writes the position of the log call.
func (b *Buffer) source(e *Encoder, pc uintptr) {
	p := e.sources.lookup(pc)
	r := p.json
	if e.text {
		r = p.text
	}
	if len(r.out) > 0 {
		b.appendRun(r)
	}
}

// sourceAttr writes a *slog.Source, as slog does it: a group in JSON,
// FILE:LINE in text, nothing if it is empty.
func (b *Buffer) sourceAttr(e *Encoder, key string, src *slog.Source) bool {
	if src == nil || *src == (slog.Source{}) {
		return false
	}
	if e.text {
		b.key(e, key)
		b.string(e, src.File+":"+strconv.Itoa(src.Line))
		return true
	}
	attrs := make([]slog.Attr, 0, 3)
	if src.Function != "" {
		attrs = append(attrs, slog.String("function", src.Function))
	}
	if src.File != "" {
		attrs = append(attrs, slog.String("file", src.File))
	}
	if src.Line != 0 {
		attrs = append(attrs, slog.Int("line", src.Line))
	}
	was := b.clear
	b.clear = true
	some := b.group(e, key, attrs)
	b.clear = was
	return some
}
