package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// A frame is a record as it stands in a segment.
type frame struct {
	offset int64
	size   int64
	first  uint32 // number of its first event
	events uint32
	body   []byte // valid until the scanner's next call
}

// headOf is what the head at the beginning of b says of the frame that stands at
// an offset: all but its body.
func headOf(b []byte, offset int64) frame {
	return frame{
		offset: offset,
		size:   frameHead + int64(binary.LittleEndian.Uint32(b[8:])),
		first:  binary.LittleEndian.Uint32(b[12:]),
		events: binary.LittleEndian.Uint32(b[16:]),
	}
}

// A hole is a stretch of a segment that holds no valid frame.
type hole struct {
	offset, size int64
	tail         bool // nothing valid follows
	what         string
}

// A scanner walks over the frames of a segment, checking each, and finds the
// next valid one behind damage.
type scanner struct {
	file   io.ReaderAt
	size   int64 // nothing is read beyond
	marker uint32
	offset int64  // of the next frame
	next   uint32 // the least number its first event can have

	buf  []byte // of the file, from at
	at   int64
	room []byte
}

// window is how much is read at once, unless a frame is longer.
const window = 256 << 10

// scan returns the next frame. Where damage stands before it, or before the
// end, the hole is returned first, alone. At the end the error is io.EOF. Any
// other error is the file system's, and final.
//
// A living process may store records while its file is read: a window that has
// the later ones has not always those before. Therefore a hole is looked at
// twice, the second time in what was read after what follows it was seen.
func (s *scanner) scan() (frame, *hole, error) {
	if s.offset >= s.size {
		return frame{}, nil, io.EOF
	}
	for from, again := s.offset, false; ; again = true {
		f, what, err := s.frameAt(from)
		if err != nil {
			return frame{}, nil, err
		}
		if what == "" {
			s.offset, s.next = f.offset+f.size, f.first+f.events
			return f, nil, nil
		}
		s.offset = from
		if err := s.resync(); err != nil {
			return frame{}, nil, err
		}
		h := &hole{offset: from, size: s.offset - from, what: what, tail: s.offset >= s.size}
		if h.tail || again {
			return frame{}, h, nil
		}
		s.buf = nil
	}
}

// resync moves to the next valid frame, or to the end.
func (s *scanner) resync() error {
	mark := binary.LittleEndian.AppendUint32(nil, s.marker)
	for at := s.offset + 1; at+frameHead <= s.size; at++ {
		b, err := s.peek(at, min(window/2, s.size-at))
		if err != nil {
			return err
		}
		i := bytes.Index(b, mark)
		if i < 0 {
			at += int64(len(b)) - int64(len(mark)) // and one: the marker may be cut in two
			continue
		}
		at += int64(i)
		_, what, err := s.frameAt(at)
		if err != nil {
			return err
		}
		if what == "" {
			s.offset = at
			return nil
		}
	}
	s.offset = s.size
	return nil
}

// frameAt reads and checks the frame at an offset; what says what is wrong
// with it.
func (s *scanner) frameAt(at int64) (f frame, what string, err error) {
	if s.size-at < frameHead {
		return f, "a frame is cut off", nil
	}
	b, err := s.peek(at, frameHead)
	if err != nil {
		return f, "", err
	}
	f = headOf(b, at)
	length := f.size - frameHead
	switch {
	case binary.LittleEndian.Uint32(b) != s.marker:
		return f, "no frame begins here", nil
	case f.size > s.size-at:
		return f, "a frame is cut off", nil
	case !f.plausible(s.next, length):
		return f, "a frame's head is damaged", nil
	}
	if b, err = s.peek(at, f.size); err != nil {
		return f, "", err
	}
	f.body = b[frameHead:]
	if binary.LittleEndian.Uint32(b[4:]) != checksum(b[8:]) || !wellFormed(f.body, f.events) {
		return f, "a frame does not match its checksum", nil
	}
	return f, "", nil
}

// blank reports whether all bytes from an offset on are zeros.
func (s *scanner) blank(at int64) (bool, error) {
	for at < s.size {
		b, err := s.peek(at, min(int64(len(zeros)), s.size-at))
		if err != nil || !bytes.Equal(b, zeros[:len(b)]) {
			return false, err
		}
		at += int64(len(b))
	}
	return true, nil
}

// plausible checks the numbers of a frame against what can be. An event takes
// some bytes, so its place bounds its number.
func (f *frame) plausible(next uint32, length int64) bool {
	return length <= maxBody && f.events > 0 && int64(f.events) <= length/minEvent &&
		f.first >= next && int64(f.first) <= f.offset/minEvent
}

// peek returns n bytes of the file, valid until the next call.
func (s *scanner) peek(at, n int64) ([]byte, error) {
	if at >= s.at && at+n <= s.at+int64(len(s.buf)) {
		return s.buf[at-s.at:][:n], nil
	}
	want := min(max(n, window), s.size-at)
	if int64(cap(s.room)) < want {
		s.room = make([]byte, want)
	}
	s.at, s.buf = at, s.room[:want]
	got, err := s.file.ReadAt(s.buf, at)
	s.buf = s.buf[:got]
	if int64(got) >= n {
		return s.buf[:n], nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return nil, err
}
