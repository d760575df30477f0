package store

// The seam under the engine: an ordered map of bytes with transactions. Two
// things implement it, a bbolt file (disk) and an ordered map (memory); all
// that the store knows about logs is above it, once.

// A reader is a consistent view of the map. Slices that it hands out are valid
// until the transaction ends and must not be changed.
type reader interface {
	// get returns the value of key, or nil.
	get(key []byte) []byte
	// ascend calls yield for from ≤ key < to in ascending order until it
	// returns false.
	ascend(from, to []byte, yield func(key, value []byte) bool)
	// descend is ascend in descending order.
	descend(from, to []byte, yield func(key, value []byte) bool)
}

// A writer is a reader that sees its own changes. Neither put nor delete may
// be called while ascend or descend run. put borrows the value until the
// transaction ends.
type writer interface {
	reader
	put(key, value []byte) error
	delete(key []byte) error
}

// A kv is safe for concurrent use. After close its methods return ErrClosed.
type kv interface {
	// view runs fn on a snapshot. Others may wait for it: fn must be short.
	view(fn func(reader) error) error
	// update runs fn alone among writers; when fn fails nothing has changed.
	// When update returns nil, the changes survive the death of the process.
	update(fn func(writer) error) error
	// verify looks for damage below the level of keys and values.
	verify() error
	// size is what the map takes on disk (or, in memory, of keys and values), in bytes.
	size() int64
	close() error
}
