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
