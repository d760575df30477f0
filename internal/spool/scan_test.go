package spool

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// The next frame is found wherever it begins, also where the windows meet
// through which the scanner looks.
func TestNextFrameIsFoundAtEveryOffset(t *testing.T) {
	const marker = 0x01020304
	for shift := range 2 * frameHead {
		garbage := window/2 + headerBytes - frameHead + shift
		b := bytes.Repeat([]byte{0xee}, garbage)
		b = appendFrame(b, record("a", 1))
		sealFrame(b[garbage:], marker, 3)
		sc := &scanner{file: bytes.NewReader(b), size: int64(len(b)), marker: marker, offset: headerBytes}
		_, h, err := sc.scan()
		if err != nil || h == nil || h.tail || h.offset+h.size != int64(garbage) {
			t.Fatalf("shift %d: hole %+v, %v; want it to end at %d", shift, h, err, garbage)
		}
		if f, h, err := sc.scan(); err != nil || h != nil || f.first != 3 {
			t.Fatalf("shift %d: frame %+v, hole %+v, %v", shift, f, h, err)
		}
		if _, _, err := sc.scan(); !errors.Is(err, io.EOF) {
			t.Fatalf("shift %d: %v at the end", shift, err)
		}
	}
}

// A file that became shorter under the reader is an error, not a wait.
func TestShrunkFileIsAnError(t *testing.T) {
	sc := &scanner{file: bytes.NewReader(nil), size: 1000, offset: headerBytes}
	if _, _, err := sc.scan(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v, want unexpected EOF", err)
	}
}

// seenLate is a file of which the first look at each byte shows a stretch as zeros.
type seenLate struct {
	bytes.Reader
	from, to int64
	seen     bool
}

func (f *seenLate) ReadAt(b []byte, at int64) (int, error) {
	n, err := f.Reader.ReadAt(b, at)
	if !f.seen && at <= f.from {
		clear(b[max(0, f.from-at):min(int64(n), f.to-at)])
		f.seen = true
	}
	return n, err
}

// What a living process stores while its file is read is no hole.
func TestAFrameThatIsSeenBehindTheNextIsNoHole(t *testing.T) {
	const marker = 0x01020304
	b := make([]byte, headerBytes)
	ends := []int64{headerBytes}
	for i := range uint32(3) {
		b = appendFrame(b, record("a", 1))
		sealFrame(b[ends[i]:], marker, i)
		ends = append(ends, int64(len(b)))
	}
	sc := &scanner{size: int64(len(b)), marker: marker, offset: headerBytes}
	sc.file = &seenLate{Reader: *bytes.NewReader(b), from: ends[1], to: ends[2]}
	for i := range uint32(3) {
		if f, h, err := sc.scan(); err != nil || h != nil || f.first != i {
			t.Fatalf("frame %+v, hole %+v, %v; want frame %d", f, h, err, i)
		}
	}
}
