package spool

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"strings"
)

// version is the format that is written, and the only one that is read.
const version = 1

// headerBytes is the length of a segment's header:
//
//	 0  8  magic     "watchspl"
//	 8  4  version   1
//	12  4  marker    random; begins every frame of this segment
//	16  8  created   milliseconds since 1970
//	24  4  flags     1: the records are the library's own; 2: zeros may follow the last frame
//	28  4  checksum  CRC-32C of bytes 0 to 27
//
// Numbers are little-endian. All versions to come keep these 32 bytes, so that
// a damaged header can be told from one that is newer than the program. Flags
// change nothing about how the events are read: who does not know one passes it
// over.
const headerBytes = 32

const magic = "watchspl"

// checksum is CRC-32C. MakeTable makes its table when it is called first: in an
// init, every program that can have a spool would wait for that when it starts.
func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// A header is what stands at the beginning of a segment.
type header struct {
	version  uint32
	marker   uint32
	created  int64 // milliseconds since 1970
	own      bool
	reserves bool
}

const (
	flagOwn = 1 << iota
	flagReserves
)

func (h header) append(b []byte) []byte {
	start := len(b)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, h.version)
	b = binary.LittleEndian.AppendUint32(b, h.marker)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.created))
	flags := uint32(0)
	if h.own {
		flags |= flagOwn
	}
	if h.reserves {
		flags |= flagReserves
	}
	b = binary.LittleEndian.AppendUint32(b, flags)
	return binary.LittleEndian.AppendUint32(b, checksum(b[start:]))
}

// parseHeader reports false for what no version has written.
func parseHeader(b []byte) (header, bool) {
	if len(b) < headerBytes || !bytes.HasPrefix(b, []byte(magic)) {
		return header{}, false
	}
	if binary.LittleEndian.Uint32(b[28:]) != checksum(b[:28]) {
		return header{}, false
	}
	flags := binary.LittleEndian.Uint32(b[24:])
	return header{
		version:  binary.LittleEndian.Uint32(b[8:]),
		marker:   binary.LittleEndian.Uint32(b[12:]),
		created:  int64(binary.LittleEndian.Uint64(b[16:])),
		own:      flags&flagOwn != 0,
		reserves: flags&flagReserves != 0,
	}, true
}

// A fileName is the name of a segment without its ending. It repeats the
// marker, so that a segment with a damaged header can still be read.
type fileName struct {
	number uint64 // of the segment in its folder, from 1
	marker uint32
}

const (
	segmentEnding = ".seg"
	ackEnding     = ".ack"
	lockName      = "lock"
)

func (n fileName) String() string { return fmt.Sprintf("%08d-%08x", n.number, n.marker) }

// parseFileName takes a file's name apart. It reports false for files that are
// none of ours.
func parseFileName(base string) (n fileName, ending string, ok bool) {
	ending = filepath.Ext(base)
	if ending != segmentEnding && ending != ackEnding {
		return n, "", false
	}
	stem := strings.TrimSuffix(base, ending)
	if _, err := fmt.Sscanf(stem, "%d-%x", &n.number, &n.marker); err != nil || n.String() != stem {
		return n, "", false
	}
	return n, ending, true
}

func parentOf(name string) string { return filepath.Dir(filepath.Clean(name)) }
