package cwlocal

import "github.com/watchtower-go/watchtower/cwlocal/internal/store"

// Why New could not open Config.Dir, besides what the file system says.
var (
	// ErrInUse is a directory that another process has open: one server at a
	// time can have it.
	ErrInUse = store.ErrInUse
	// ErrFormat is a file that no server wrote, or one of another version.
	ErrFormat = store.ErrFormat
)

// A CorruptError says which part of the stored data is damaged: File is the
// path, Key what is damaged in it (empty for the file as a whole), Err the
// finding. New returns it when it cannot open the data at all.
type CorruptError = store.CorruptError
