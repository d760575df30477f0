package spool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// An FS is the file system under a spool. Tests put one here that crashes;
// production has the real one. Paths are those of package filepath. Errors
// must satisfy errors.Is with the errors of io/fs as the os package's do.
type FS interface {
	// OpenFile opens a file as os.OpenFile does.
	OpenFile(name string, flag int, perm os.FileMode) (File, error)
	// Mkdir makes a folder as os.Mkdir does.
	Mkdir(name string) error
	// ReadDir lists the names in a folder, sorted.
	ReadDir(name string) ([]string, error)
	// Remove removes a file or an empty folder.
	Remove(name string) error
	// SyncDir makes creations and removals in a folder durable.
	SyncDir(name string) error
	// Lock takes the exclusive lock of an existing file or, with create, of
	// one that is made if need be. It never waits: ErrLocked says that the
	// lock is held, ErrFakeLock that it is worth nothing here.
	Lock(name string, create bool) (io.Closer, error)
}

// A File is an open file of an FS. Writes go to where they are told, never to
// a shared offset, so that a retry overwrites what a failure left.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Size() (int64, error)
	Truncate(size int64) error
	Sync() error
}

// A Mapper is a File whose bytes can be had as memory.
type Mapper interface {
	// Map maps n bytes of the file from an offset on, which it must have.
	Map(at int64, n int) (Mapping, error)
}

// A Mapping is a part of a file as memory.
type Mapping interface {
	// Store puts bytes where they belong in the file, the first storedLast of
	// them last: as long as these are not there, nothing is. After an error it is
	// not known what is there, and the memory is of no use any more.
	Store(b []byte, at int64) error
	Unmap() error
}

// storedLast is the length of a frame's marker.
const storedLast = 4

// disk is the real file system. Folders and files are the user's alone: logs
// hold what nobody else should read.
type disk struct{}

const (
	folderMode = 0o700
	fileMode   = 0o600
)

type diskFile struct{ *os.File }

func (f diskFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (disk) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	f, err := openRegular(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return diskFile{f}, nil
}

// openRegular opens a file that is one. In a folder that others can write to,
// somebody may have put a link there to a file of ours, which we would cut, or
// a pipe, for which we would wait.
func openRegular(name string, flag int, perm os.FileMode) (*os.File, error) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file: see who put it there, and remove it", name)
	}
	f, err := os.OpenFile(name, flag|openFlags, perm) // it may be there since
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file: see who put it there, and remove it", name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// realFolder refuses what has the name of a subfolder and is none, but a link
// perhaps. SpoolDir itself may be one.
func realFolder(name string) error {
	if !isFolderName(filepath.Base(name)) {
		return nil
	}
	info, err := os.Lstat(name)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder: see who put it there, and remove it", name)
	}
	return err
}

func (disk) Mkdir(name string) error { return os.Mkdir(name, folderMode) }

func (disk) ReadDir(name string) ([]string, error) {
	if err := realFolder(name); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(name) // sorted
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

func (disk) Remove(name string) error { return os.Remove(name) }

func (disk) Lock(name string, create bool) (io.Closer, error) { return lockFile(name, create) }
