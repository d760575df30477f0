package store

import (
	"encoding/binary"
	"errors"
)

// A ref is an entry of the index: all that is known of a block without
// reading it. Stream, first and block are in the key, the rest is the value.
type ref struct {
	stream         uint64
	block          uint64
	first, last    int64 // timestamps
	minSeq, maxSeq uint64
	count          int
	cost           int64 // messages and EventOverhead for each
}

var errRef = errors.New("index entry is malformed")

func (r *ref) key() []byte { return indexKey(r.stream, r.first, r.block) }

// value is a row of varints: last-first, minSeq, maxSeq-minSeq, count, cost.
func (r *ref) value() []byte {
	b := make([]byte, 0, 32)
	b = binary.AppendUvarint(b, uint64(r.last-r.first))
	b = binary.AppendUvarint(b, r.minSeq)
	b = binary.AppendUvarint(b, r.maxSeq-r.minSeq)
	b = binary.AppendUvarint(b, uint64(r.count))
	return binary.AppendUvarint(b, uint64(r.cost))
}

func parseRef(key, value []byte) (r ref, err error) {
	if len(key) != 25 {
		return r, errRef
	}
	r.stream = binary.BigEndian.Uint64(key[1:])
	r.first = int64(binary.BigEndian.Uint64(key[9:]) ^ 1<<63)
	r.block = binary.BigEndian.Uint64(key[17:])
	var row [5]uint64
	for i := range row {
		v, n := binary.Uvarint(value)
		if n <= 0 {
			return r, errRef
		}
		row[i], value = v, value[n:]
	}
	r.last, r.minSeq, r.maxSeq = r.first+int64(row[0]), row[1], row[1]+row[2]
	r.count, r.cost = int(row[3]), int64(row[4])
	if r.last < r.first || r.maxSeq < r.minSeq || r.count <= 0 || r.cost <= 0 || len(value) != 0 {
		return r, errRef
	}
	return r, nil
}

// span is the time between the first and the last event, in milliseconds.
func (r *ref) span() int64 { return r.last - r.first }

// within is false when no event of the block can lie in the bounds.
func (r *ref) within(b bounds) bool {
	if b.low.Time == b.high.Time && (r.maxSeq < b.low.Seq || r.minSeq >= b.high.Seq) {
		return false
	}
	return b.low.Compare(Cursor{r.last, r.maxSeq}) <= 0 && b.high.Compare(Cursor{r.first, r.minSeq}) > 0
}
