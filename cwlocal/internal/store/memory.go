package store

import (
	"bytes"
	"slices"
	"sort"
	"sync"
)

// memory is the kv of a store without a directory: sorted leaves of a bounded
// size in one slice. A tree would save nothing: with a million keys the slice
// has some ten thousand leaves, and a split moves that many pointers.
type memory struct {
	mu     sync.RWMutex
	leaves []*leaf // none empty, ascending
	bytes  int64
	closed bool
}

// leafSize is where a leaf is split in two.
const leafSize = 128

type leaf struct{ items []item }

type item struct{ key, value []byte }

func newMemory() *memory { return &memory{} }

func (m *memory) view(fn func(reader) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.closed {
		return ErrClosed
	}
	return fn(m)
}

func (m *memory) update(fn func(writer) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	tx := &memoryTx{memory: m}
	done := false
	// Deferred, so that a panic of the caller's function undoes its work too.
	defer func() {
		if !done {
			tx.undo()
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	done = true
	return nil
}

func (m *memory) verify() error { return nil }

func (m *memory) size() int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.bytes
}

func (m *memory) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.leaves = true, nil
	return nil
}

// seek returns where key is, or would be.
func (m *memory) seek(key []byte) (leaf, at int, found bool) {
	// The last leaf that begins at or before the key.
	leaf = sort.Search(len(m.leaves), func(i int) bool {
		return bytes.Compare(m.leaves[i].items[0].key, key) > 0
	}) - 1
	if leaf < 0 {
		return 0, 0, false
	}
	at, found = slices.BinarySearchFunc(m.leaves[leaf].items, key, func(it item, key []byte) int {
		return bytes.Compare(it.key, key)
	})
	return leaf, at, found
}

func (m *memory) get(key []byte) []byte {
	l, at, found := m.seek(key)
	if !found {
		return nil
	}
	return m.leaves[l].items[at].value
}

func (m *memory) ascend(from, to []byte, yield func(key, value []byte) bool) {
	l, at, _ := m.seek(from)
	for ; l < len(m.leaves); l, at = l+1, 0 {
		for _, it := range m.leaves[l].items[at:] {
			if bytes.Compare(it.key, to) >= 0 || !yield(it.key, it.value) {
				return
			}
		}
	}
}

func (m *memory) descend(from, to []byte, yield func(key, value []byte) bool) {
	l, at, _ := m.seek(to)
	for ; l >= 0 && l < len(m.leaves); l-- {
		for _, it := range slices.Backward(m.leaves[l].items[:at]) {
			if bytes.Compare(it.key, from) < 0 || !yield(it.key, it.value) {
				return
			}
		}
		if l > 0 {
			at = len(m.leaves[l-1].items)
		}
	}
}

// set stores the pair and returns the value that it replaces.
func (m *memory) set(key, value []byte) (old []byte, replaced bool) {
	m.bytes += int64(len(key) + len(value))
	l, at, found := m.seek(key)
	if found {
		it := &m.leaves[l].items[at]
		old, it.value = it.value, value
		m.bytes -= int64(len(key) + len(old))
		return old, true
	}
	if len(m.leaves) == 0 {
		m.leaves = []*leaf{{}}
	}
	lf := m.leaves[l]
	lf.items = slices.Insert(lf.items, at, item{key, value})
	if len(lf.items) > leafSize {
		// Split near the end when keys arrive in order, so that leaves fill up.
		cut := leafSize / 2
		if at == leafSize {
			cut = leafSize - 1
		}
		right := &leaf{slices.Clone(lf.items[cut:])}
		clear(lf.items[cut:])
		lf.items = lf.items[:cut]
		m.leaves = slices.Insert(m.leaves, l+1, right)
	}
	return nil, false
}

// unset removes the key and returns the value that it had.
func (m *memory) unset(key []byte) (old []byte, removed bool) {
	l, at, found := m.seek(key)
	if !found {
		return nil, false
	}
	lf := m.leaves[l]
	old = lf.items[at].value
	lf.items = slices.Delete(lf.items, at, at+1)
	if len(lf.items) == 0 {
		m.leaves = slices.Delete(m.leaves, l, l+1)
	}
	m.bytes -= int64(len(key) + len(old))
	return old, true
}

// memoryTx is an update in progress: it remembers how to go back.
type memoryTx struct {
	*memory
	log []change
}

// A change is a key with the value that it had, if it had one.
type change struct {
	item
	existed bool
}

func (t *memoryTx) put(key, value []byte) error {
	// Cloned because value is borrowed; append sizes it exactly, too.
	key = bytes.Clone(key)
	old, existed := t.set(key, append(make([]byte, 0, len(value)), value...))
	t.log = append(t.log, change{item{key, old}, existed})
	return nil
}

func (t *memoryTx) delete(key []byte) error {
	if old, existed := t.unset(key); existed {
		t.log = append(t.log, change{item{bytes.Clone(key), old}, true})
	}
	return nil
}

func (t *memoryTx) undo() {
	for _, c := range slices.Backward(t.log) {
		if c.existed {
			t.set(c.key, c.value)
		} else {
			t.unset(c.key)
		}
	}
}
