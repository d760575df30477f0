package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"

	"github.com/klauspost/compress/zstd"
)

// A codec turns events into blocks and back. A store has one of its own, and
// it starts no goroutine: bubbles of testing/synctest must not share one.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
	// scratch bounds how many payloads are in the making, and with them the
	// memory that concurrent puts take.
	scratch chan []byte
}

func newCodec() (*codec, error) {
	n := runtime.GOMAXPROCS(0)
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(n),
		zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(n), zstd.WithDecoderMaxMemory(maxPayload),
		zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	c := &codec{enc, dec, make(chan []byte, n)}
	for range n {
		c.scratch <- nil
	}
	return c, nil
}

// smallPayload is not worth compressing, in bytes.
const smallPayload = 128

// draft makes a block of events, which are in order and not empty. New events
// come with a stamp.
func (c *codec) draft(events []Event, s *stamp) *draft {
	d := &draft{ref: summary(events, s)}
	d.base = d.minSeq
	payload := appendPayload((<-c.scratch)[:0], events, d.base, s)
	defer func() {
		if cap(payload) > 2*blockCost {
			payload = nil // a single giant event: don't keep it
		}
		c.scratch <- payload
	}()
	d.data = append(make([]byte, 0, blockHeader+len(payload)/4+64), make([]byte, blockHeader)...)
	copy(d.data, blockMagic)
	binary.BigEndian.PutUint64(d.data[24:], uint64(d.first))
	binary.BigEndian.PutUint32(d.data[32:], uint32(d.count))
	binary.BigEndian.PutUint32(d.data[36:], uint32(len(payload)))
	if len(payload) > smallPayload {
		d.data[40] = codecZstd
		d.data = c.enc.EncodeAll(payload, d.data)
	}
	if len(payload) <= smallPayload || len(d.data)-blockHeader >= len(payload) {
		d.data[40] = codecRaw
		d.data = append(d.data[:blockHeader], payload...)
	}
	return d
}

// parse checks a block and returns its events and the number of its stream.
// Messages don't point into data.
func (c *codec) parse(data []byte) (events []Event, stream uint64, err error) {
	if len(data) < blockHeader || string(data[:4]) != blockMagic {
		return nil, 0, errBlock
	}
	if sum := crc32.Checksum(data[8:], castagnoli); sum != binary.BigEndian.Uint32(data[4:]) {
		return nil, 0, fmt.Errorf("%w: its checksum is wrong", errBlock)
	}
	size := int(binary.BigEndian.Uint32(data[36:]))
	if size > maxPayload {
		return nil, 0, errBlock
	}
	payload := make([]byte, 0, size)
	switch data[40] {
	case codecRaw:
		payload = append(payload, data[blockHeader:]...)
	case codecZstd:
		if payload, err = c.dec.DecodeAll(data[blockHeader:], payload); err != nil {
			return nil, 0, fmt.Errorf("%w: %w", errBlock, err)
		}
	default:
		return nil, 0, errBlock
	}
	if len(payload) != size {
		return nil, 0, errBlock
	}
	events, err = parsePayload(payload, int(binary.BigEndian.Uint32(data[32:])),
		int64(binary.BigEndian.Uint64(data[24:])), binary.BigEndian.Uint64(data[16:]))
	return events, binary.BigEndian.Uint64(data[8:]), err
}
