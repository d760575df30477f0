package spool

import (
	"slices"
	"sync"
)

// A recent is what was written last, in memory too, as far as Options.Recent
// allows. Read takes it from there: while the owner keeps up, nothing is read back
// from the files, which are only the copy that survives. Nobody checks it again.
// What finds no room is read from the file, so there may be gaps.
type recent struct {
	parts []part // in the order of writing
	bytes int    // that they take
}

// A part is what stands in a segment from an offset on: whole frames. Bytes are
// added behind those that are there, which never change: so they can be read
// without the lock, up to the length that was found under it.
type part struct {
	segment *segment
	at      int64
	buf     []byte
}

// partBytes is how long a part may become, unless one write is longer.
const partBytes = 64 << 10

// partRoom has memory for parts.
var partRoom = sync.Pool{New: func() any { return new([partBytes]byte) }}

func (p *part) end() int64 { return p.at + int64(len(p.buf)) }

// keep adds frames that are written at the end of a segment, whose size does not
// count them yet. The caller holds the lock.
func (r *recent) keep(g *segment, frames []byte, most int) {
	if n := len(r.parts); n > 0 {
		p := &r.parts[n-1]
		if p.segment == g && p.end() == g.size && len(p.buf)+len(frames) <= cap(p.buf) {
			p.buf = append(p.buf, frames...)
			return
		}
	}
	size := max(partBytes, len(frames))
	if r.bytes+size > most {
		return
	}
	var buf []byte
	if size == partBytes {
		buf = partRoom.Get().(*[partBytes]byte)[:0]
	}
	p := part{segment: g, at: g.size, buf: append(buf, frames...)}
	r.bytes += cap(p.buf)
	r.parts = append(r.parts, p)
}

// A place is where a frame begins, or would: behind the last one.
type place struct {
	offset int64
	event  uint32 // number of its first event
}

// next is what is in memory of a segment from its next frame on or, if that is
// nothing, up to where the file has to be read. The caller holds the lock.
func (r *recent) next(g *segment) (frames []byte, upTo place) {
	for i := range r.parts {
		p := &r.parts[i]
		switch {
		case p.segment != g || p.end() <= g.offset:
		case p.at <= g.offset:
			return p.buf[g.offset-p.at:], place{}
		default:
			return nil, place{p.at, headOf(p.buf, p.at).first}
		}
	}
	return nil, place{g.size, g.events}
}

// forget gives up what was read, up to the first part that was not. The caller
// holds the lock, is the owner, and looks at none of it any more.
func (r *recent) forget() {
	n := 0
	for ; n < len(r.parts) && r.parts[n].isRead(); n++ {
		p := &r.parts[n]
		r.bytes -= cap(p.buf)
		if cap(p.buf) == partBytes {
			partRoom.Put((*[partBytes]byte)(p.buf[:partBytes]))
		}
	}
	r.parts = slices.Delete(r.parts, 0, n)
}

func (p *part) isRead() bool { return p.segment.retired || p.end() <= p.segment.offset }
