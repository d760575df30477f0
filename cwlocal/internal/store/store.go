// Package store keeps log groups, streams and events for the local server, in
// memory or in a directory, with one engine for both.
//
// A put becomes one compressed block; an index tells which times each block
// holds; small blocks are merged in the background. Readers work on short
// snapshots and decode outside of them. Everything goes through a small
// ordered map with transactions (kv), of which there are two: a bbolt file,
// and a map in memory.
package store

import (
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"time"
)

// Options configures a Store.
type Options struct {
	// Dir is the directory that holds the data; it is created if missing. If
	// empty, everything stays in memory.
	Dir string
	// Sync makes every commit call fsync, before and after it takes effect. If
	// false, what was answered survives the death of the process, not that of
	// the machine. What a disk makes of an fsync is not tested.
	Sync bool
	// LockWait is how long Open waits for another process to let go of the
	// directory. If zero, a second.
	LockWait time.Duration
}

// formatVersion is the version of keys, records and blocks.
const formatVersion = "1"

// A Store keeps log groups, streams and events. It is safe for concurrent
// use. Groups and streams are returned as copies.
type Store struct {
	kv    kv
	path  string // of the file, empty in memory
	codec *codec
	next  uint64 // next free number; belongs to the writer of the moment
	queue commitQueue
	jan   janitor
	count counters
}

// Open opens the store in o.Dir, or an empty one in memory. The error is
// ErrInUse while another process has the directory open, and a *CorruptError
// when its file is damaged.
func Open(o Options) (*Store, error) {
	c, err := newCodec()
	if err != nil {
		return nil, err
	}
	s := &Store{kv: newMemory(), codec: c}
	if o.Dir != "" {
		d, err := openDisk(o)
		if err != nil {
			return nil, err
		}
		s.kv, s.path = d, d.path
	}
	var buried bool
	err = s.update(func(w writer) error {
		buried = anyTomb(w)
		return s.load(w)
	})
	if err != nil {
		s.kv.close()
		return nil, err
	}
	if buried {
		s.jan.wake(s)
	}
	return s, nil
}

// load reads what the store keeps in mind, or begins an empty store.
func (s *Store) load(w writer) error {
	version := w.get([]byte(keyVersion))
	if version == nil {
		s.next = 1
		return w.put([]byte(keyVersion), []byte(formatVersion))
	}
	if string(version) != formatVersion {
		return fmt.Errorf("open %s: %w: it has version %q, this program reads version %q", s.path, ErrFormat, version, formatVersion)
	}
	s.next = max(1, reserved(w))
	return nil
}

// Close waits for background work in progress and closes the store. Calls
// that come later, and iterators still in use, find it closed.
func (s *Store) Close() error {
	s.jan.stop()
	return s.kv.close()
}

// update is a transaction that writes.
func (s *Store) update(fn func(writer) error) error {
	s.count.commits.Add(1)
	return s.kv.update(fn)
}

// reserveStep is how many numbers are reserved at once: one write of the
// counter for so many puts.
const reserveStep = 4096

// number returns n fresh numbers, the first of them. The file says up to where numbers
// may be in use, and is asked each time: an update that failed has not reserved.
func (s *Store) number(w writer, n uint64) (uint64, error) {
	first := s.next
	if first+n > reserved(w) {
		var limit [8]byte
		binary.BigEndian.PutUint64(limit[:], first+n+reserveStep)
		if err := w.put([]byte(keyNext), limit[:]); err != nil {
			return 0, err
		}
	}
	s.next += n
	return first, nil
}

func reserved(r reader) uint64 {
	if b := r.get([]byte(keyNext)); len(b) == 8 {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

// Stats counts what a store has done since it was opened.
type Stats struct {
	Puts    int64 // calls of Append that stored events
	Commits int64 // transactions that wrote
	Decoded int64 // blocks decoded, by reads, merges and checks
	Merged  int64 // blocks that were merged into others
	Removed int64 // blocks removed by Expire, and after deletions
	Bytes   int64 // size of the file, or of keys and values in memory
	// Background is the latest error of merging or of removing what was
	// deleted, nil if there was none. Both are tried again with the next write.
	Background error
}

type counters struct{ puts, commits, decoded, merged, removed atomic.Int64 }

// Stats returns the counters.
func (s *Store) Stats() Stats {
	c := &s.count
	return Stats{
		Puts: c.puts.Load(), Commits: c.commits.Load(), Decoded: c.decoded.Load(),
		Merged: c.merged.Load(), Removed: c.removed.Load(),
		Bytes: s.kv.size(), Background: s.jan.lastError(),
	}
}
