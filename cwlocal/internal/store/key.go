package store

import "encoding/binary"

// The keys. Numbers are 8 bytes, big endian, so that the order of keys is the
// order of numbers; one counter numbers groups, streams, puts and blocks.
//
//	v                              the version of this layout, in decimal
//	n                              the number up to which numbers may be in use
//	g  len(region) region name  →  the group's number, settings as JSON
//	u  group                    →  bytes of the group's events
//	s  group name               →  the stream's record
//	i  stream first-time block  →  what is in the block (see ref)
//	d  block                    →  the block
//	x  'g' group                →  a deleted group, 'x' 's' stream a deleted
//	                               stream, whose keys the janitor still removes
//
// The index (i) is apart from the blocks (d) so that it is dense: a range of
// time is found, counted and expired without touching a page of events, and
// new blocks always go to the end of the tree.
const (
	keyVersion = "v"
	keyNext    = "n"
)

func groupPrefix(region string) []byte {
	return append([]byte{'g', byte(len(region))}, region...)
}

func groupKey(k GroupKey) []byte { return append(groupPrefix(k.Region), k.Name...) }

func usageKey(group uint64) []byte { return binary.BigEndian.AppendUint64([]byte{'u'}, group) }

func streamPrefix(group uint64) []byte { return binary.BigEndian.AppendUint64([]byte{'s'}, group) }

func streamKey(group uint64, name string) []byte { return append(streamPrefix(group), name...) }

func indexPrefix(stream uint64) []byte { return binary.BigEndian.AppendUint64([]byte{'i'}, stream) }

// indexKey is the key of a block, or, with block zero, a bound before all
// blocks that begin at the time. The sign bit is flipped so that times before
// 1970 sort first.
func indexKey(stream uint64, first int64, block uint64) []byte {
	key := append(make([]byte, 0, 25), 'i')
	key = binary.BigEndian.AppendUint64(key, stream)
	key = binary.BigEndian.AppendUint64(key, uint64(first)^1<<63)
	return binary.BigEndian.AppendUint64(key, block)
}

func dataKey(block uint64) []byte { return binary.BigEndian.AppendUint64([]byte{'d'}, block) }

func tombKey(kind byte, number uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{'x', kind}, number)
}

// after is the smallest key behind all that begin with prefix.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	// Only prefixes of 0xff bytes come here; no key begins so.
	return nil
}
