package store

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func testEvents() []Event {
	return []Event{
		{Time: -5, Ingestion: 9, Seq: 7<<seqBits | 3, Message: []byte("before 1970")},
		{Time: 0, Ingestion: 8, Seq: 2 << seqBits, Message: []byte{}},
		{Time: 0, Ingestion: 8, Seq: 2<<seqBits | 1, Message: []byte("\xff\x00not text")},
		{Time: 1 << 45, Ingestion: 1 << 45, Seq: 1 << 60, Message: []byte(strings.Repeat("long ", 1000))},
	}
}

func newTestCodec(t testing.TB) *codec {
	t.Helper()
	c, err := newCodec()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBlockHoldsWhatWasPut(t *testing.T) {
	c := newTestCodec(t)
	for n := 1; n <= len(testEvents()); n++ {
		want := testEvents()[:n]
		d := c.draft(want, nil)
		d.seal(42, 1, 0)
		got, stream, err := c.parse(d.data)
		if err != nil || stream != 42 {
			t.Fatalf("stream %d, %v", stream, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestNewBlockNumbersEventsByPut(t *testing.T) {
	c := newTestCodec(t)
	d := c.draft(testEvents()[:2], &stamp{ingestion: 77})
	d.seal(1, 5, 5)
	got, _, err := c.parse(d.data)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range got {
		if e.Seq != 5<<seqBits|uint64(i) || e.Ingestion != 77 {
			t.Errorf("event %d has seq %x and ingestion time %d", i, e.Seq, e.Ingestion)
		}
	}
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	c := newTestCodec(t)
	d := c.draft(testEvents()[:3], nil)
	d.seal(42, 1, 0)
	for bit := range 8 * len(d.data) {
		d.data[bit/8] ^= 1 << (bit % 8)
		if _, _, err := c.parse(d.data); err == nil {
			t.Errorf("bit %d of byte %d: no error", bit%8, bit/8)
		}
		d.data[bit/8] ^= 1 << (bit % 8)
	}
}

// FuzzBlock feeds the decoder blocks whose checksum is right, as no disk
// damages them, so that all that is behind the checksum is reached. What it
// accepts must come out the same once more.
func FuzzBlock(f *testing.F) {
	c := newTestCodec(f)
	for n := 1; n <= len(testEvents()); n++ {
		d := c.draft(testEvents()[:n], nil)
		d.seal(42, 1, 0)
		f.Add(d.data)
	}
	f.Add([]byte(blockMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= blockHeader {
			binary.BigEndian.PutUint32(data[4:], crc32.Checksum(data[8:], castagnoli))
			// A header may ask for as much memory as the largest message; here
			// that only slows the search.
			if binary.BigEndian.Uint32(data[36:]) > 1<<20 {
				return
			}
		}
		events, stream, err := c.parse(data)
		if err != nil {
			return
		}
		for i := range events {
			if i > 0 && events[i-1].Cursor().Compare(events[i].Cursor()) >= 0 {
				t.Fatalf("event %d is out of order", i)
			}
		}
		d := c.draft(events, nil)
		d.seal(stream, 1, 0)
		again, _, err := c.parse(d.data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(events, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzRef(f *testing.F) {
	r := ref{stream: 1, block: 2, first: 3, last: 4, minSeq: 5, maxSeq: 6, count: 7, cost: 8}
	f.Add(r.key(), r.value())
	f.Fuzz(func(t *testing.T, key, value []byte) {
		r, err := parseRef(key, value)
		if err != nil {
			return
		}
		again, err := parseRef(r.key(), r.value())
		if err != nil || again != r {
			t.Fatalf("%+v comes out as %+v, %v", r, again, err)
		}
	})
}
