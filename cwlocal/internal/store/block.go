package store

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// A block holds events of one stream, ordered by (Time, Seq):
//
//	 0  4  "wtb1"
//	 4  4  CRC-32C of all that follows
//	 8  8  number of the stream
//	16  8  base, which sequence numbers are relative to
//	24  8  time of the first event
//	32  4  number of events
//	36  4  length of the payload before compression
//	40  1  0: payload as it is, 1: zstd
//	41  …  payload
//
// Numbers are big endian. The payload has a row of varints for each event, then the
// messages one after another. A row is: time and sequence number, less those
// of the event before (of the header for the first), ingestion time less that
// of the event before (less the header's time for the first), and the length
// of the message. Only time and length are unsigned.
const (
	blockMagic  = "wtb1"
	blockHeader = 41
	codecRaw    = 0
	codecZstd   = 1
)

const (
	// blockCost bounds a block: messages and EventOverhead for each, in bytes.
	// The largest put of the service is one block.
	blockCost = 1 << 20
	// maxMessage bounds a message; a single larger than blockCost is a block of its own.
	maxMessage = 64 << 20
	// maxPayload is what a decoder allocates at most.
	maxPayload = maxMessage + 64
	// seqBits are the bits of a sequence number that count within a put.
	seqBits = 14
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errBlock = errors.New("block is malformed")

// A draft is a block that awaits its stream, number and checksum: they are
// known only in the transaction that stores it, and all the rest of the work
// is done outside.
type draft struct {
	data []byte
	base uint64 // what sequence numbers are relative to; a new put has none yet
	ref
}

// seal completes the block. A new put's sequence numbers come out as those of
// the number put.
func (d *draft) seal(stream, block, put uint64) {
	d.stream, d.block = stream, block
	fresh := put << seqBits
	d.base, d.minSeq, d.maxSeq = d.base+fresh, d.minSeq+fresh, d.maxSeq+fresh
	binary.BigEndian.PutUint64(d.data[8:], stream)
	binary.BigEndian.PutUint64(d.data[16:], d.base)
	binary.BigEndian.PutUint32(d.data[4:], crc32.Checksum(d.data[8:], castagnoli))
}

// A stamp replaces what new events don't have yet: the sequence number by the
// index, and the ingestion time.
type stamp struct{ ingestion int64 }

// appendPayload appends the rows and messages. Events without a stamp have
// absolute sequence numbers, which come out relative to base.
func appendPayload(p []byte, events []Event, base uint64, s *stamp) []byte {
	prev := Event{Time: events[0].Time, Ingestion: events[0].Time, Seq: base}
	for i := range events {
		e := &events[i]
		seq, ingestion := e.Seq, e.Ingestion
		if s != nil {
			seq, ingestion = base+uint64(i), s.ingestion
		}
		p = binary.AppendUvarint(p, uint64(e.Time-prev.Time))
		p = binary.AppendVarint(p, int64(seq-prev.Seq))
		p = binary.AppendVarint(p, ingestion-prev.Ingestion)
		p = binary.AppendUvarint(p, uint64(len(e.Message)))
		prev.Time, prev.Seq, prev.Ingestion = e.Time, seq, ingestion
	}
	for i := range events {
		p = append(p, events[i].Message...)
	}
	return p
}

// summary fills what a ref says of the events.
func summary(events []Event, s *stamp) ref {
	r := ref{first: events[0].Time, last: events[len(events)-1].Time, count: len(events)}
	if s != nil {
		r.maxSeq = uint64(len(events) - 1)
	} else {
		r.minSeq, r.maxSeq = events[0].Seq, events[0].Seq
	}
	for i := range events {
		r.cost += int64(events[i].cost())
		if s == nil {
			r.minSeq, r.maxSeq = min(r.minSeq, events[i].Seq), max(r.maxSeq, events[i].Seq)
		}
	}
	return r
}

// parsePayload returns the events of a payload; messages point into it.
func parsePayload(p []byte, count int, first int64, base uint64) ([]Event, error) {
	// Four varints take four bytes at least: no header makes us allocate more
	// than the payload justifies.
	if count <= 0 || count > len(p)/4 {
		return nil, errBlock
	}
	events := make([]Event, count)
	lengths := make([]int, count)
	prev := Event{Time: first, Ingestion: first, Seq: base}
	total := 0
	for i := range events {
		row, n := parseRow(p)
		if n == 0 {
			return nil, errBlock
		}
		p = p[n:]
		e := Event{Time: prev.Time + int64(row.time), Seq: prev.Seq + uint64(row.seq), Ingestion: prev.Ingestion + row.ingestion}
		if e.Time < prev.Time || i > 0 && prev.Cursor().Compare(e.Cursor()) >= 0 || row.length > maxMessage {
			return nil, errBlock
		}
		lengths[i], events[i], prev = int(row.length), e, e
		total += lengths[i]
	}
	if total != len(p) {
		return nil, errBlock
	}
	for i, n := range lengths {
		events[i].Message, p = p[:n:n], p[n:]
	}
	return events, nil
}

type row struct {
	time, length   uint64
	seq, ingestion int64
}

// parseRow returns a row and its length, 0 when p does not begin with one.
func parseRow(p []byte) (r row, size int) {
	var n [4]int
	r.time, n[0] = binary.Uvarint(p)
	r.seq, n[1] = binary.Varint(p[max(n[0], 0):])
	r.ingestion, n[2] = binary.Varint(p[max(n[0], 0)+max(n[1], 0):])
	r.length, n[3] = binary.Uvarint(p[max(n[0], 0)+max(n[1], 0)+max(n[2], 0):])
	for _, n := range n {
		if n <= 0 {
			return row{}, 0
		}
		size += n
	}
	return r, size
}
