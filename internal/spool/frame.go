package spool

import (
	"encoding/binary"
	"log/slog"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// frameHead is the length of what stands before the events of a frame:
//
//	 0  4  marker    the segment's
//	 4  4  checksum  CRC-32C of all that follows, to the end of the frame
//	 8  4  length    of the events, in bytes
//	12  4  first     number of the first event, counted from 0 in the segment
//	16  4  events    how many
//	20     the events, one after another
//
// A frame is a record: whole under one checksum, or not there. The marker is
// random and the number rises, so that text which somebody logs, a copy of a
// spool file even, cannot pass for a frame.
const frameHead = 20

const (
	// maxBody bounds the length of a frame's events; a record has at most
	// that many bytes in its parts together.
	maxBody = 1 << 30
	// minEvent is the length of an event with an empty stream and fragment.
	minEvent = 5
)

// An event is five numbers as varints, two of them lengths of what follows:
//
//	time      zigzag, milliseconds since 1970
//	level     zigzag
//	size      of the message
//	stream    length, then the name
//	fragment  length, then the bytes

// appendFrame appends the record's frame, without what only the writer of the
// segment knows: see seal.
func appendFrame(b []byte, events []cwl.Event) []byte {
	start := len(b)
	b = append(b, make([]byte, frameHead)...)
	for i := range events {
		e := &events[i]
		b = binary.AppendVarint(b, e.Time)
		b = binary.AppendVarint(b, int64(e.Level))
		b = binary.AppendUvarint(b, uint64(e.Size))
		b = binary.AppendUvarint(b, uint64(len(e.Stream)))
		b = append(b, e.Stream...)
		b = binary.AppendUvarint(b, uint64(len(e.Fragment)))
		b = append(b, e.Fragment...)
	}
	binary.LittleEndian.PutUint32(b[start+8:], uint32(len(b)-start-frameHead))
	binary.LittleEndian.PutUint32(b[start+16:], uint32(len(events)))
	return b
}

// mostFrame is at least the length of the record's frame.
func mostFrame(events []cwl.Event) int64 {
	n := int64(frameHead)
	for i := range events {
		n += 5*binary.MaxVarintLen64 + int64(len(events[i].Stream)+len(events[i].Fragment))
	}
	return n
}

// sealFrame completes the frame at the beginning of b.
func sealFrame(b []byte, marker, first uint32) (size int, events uint32) {
	size = frameHead + int(binary.LittleEndian.Uint32(b[8:]))
	events = binary.LittleEndian.Uint32(b[16:])
	binary.LittleEndian.PutUint32(b[0:], marker)
	binary.LittleEndian.PutUint32(b[12:], first)
	binary.LittleEndian.PutUint32(b[4:], checksum(b[8:size]))
	return size, events
}

// frameSize is the length of the sealed frame at the beginning of b, and the
// number of its events.
func frameSize(b []byte) (size int, events uint32) {
	return frameHead + int(binary.LittleEndian.Uint32(b[8:])), binary.LittleEndian.Uint32(b[16:])
}

// nextEvent decodes the event at the beginning of b into e and returns what
// follows it. Fragment is part of b; the stream's name is returned as bytes
// for the caller to make a string of.
func nextEvent(b []byte, e *cwl.Event) (stream, rest []byte, ok bool) {
	d := decoder{b: b, ok: true}
	e.Time = d.varint()
	e.Level = slog.Level(d.varint())
	e.Size = int(d.uvarint())
	stream = d.bytes()
	e.Fragment = d.bytes()
	e.Parts = nil
	return stream, d.b, d.ok
}

// wellFormed reports whether body is exactly that many events.
func wellFormed(body []byte, events uint32) bool {
	var e cwl.Event
	for range events {
		var ok bool
		if _, body, ok = nextEvent(body, &e); !ok {
			return false
		}
	}
	return len(body) == 0
}

// A decoder takes values off the front of b until one is not there.
type decoder struct {
	b  []byte
	ok bool
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	d.skip(n)
	return v
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	d.skip(n)
	return v
}

func (d *decoder) skip(n int) {
	if n <= 0 {
		d.b, d.ok = nil, false
		return
	}
	d.b = d.b[n:]
}

func (d *decoder) bytes() []byte {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.b, d.ok = nil, false
		return nil
	}
	v := d.b[:n:n]
	d.b = d.b[n:]
	return v
}
