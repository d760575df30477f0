package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// disk is the kv of a store with a directory: one bbolt file.
//
// Why an answered put survives kill -9 without an fsync: a bbolt commit writes
// its pages with write(2), none of which the previous state refers to, and
// then the meta page that refers to them, a single page with a checksum beside
// the previous one. What write(2) has taken belongs to the kernel and outlives
// the process; a process that dies between the two leaves the previous state.
// Only against the death of the machine there is the fsync of Options.Sync.
type disk struct {
	db   *bbolt.DB
	path string
}

// fileName is the file in Options.Dir.
const fileName = "store.db"

// bucket holds everything; the first byte of a key says what it is.
var bucket = []byte("watchtower")

func openDisk(o Options) (d *disk, err error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	d = &disk{path: filepath.Join(o.Dir, fileName)}
	defer func() {
		// bbolt panics on pages that make no sense.
		if p := recover(); p != nil {
			d, err = nil, d.damaged(p)
		}
	}()
	options := &bbolt.Options{
		Timeout: cmp.Or(o.LockWait, time.Second),
		NoSync:  !o.Sync, NoGrowSync: !o.Sync,
		// The list of free pages is rebuilt by Open: written with every commit it
		// would be most of the commit once a large group is deleted.
		NoFreelistSync: true, FreelistType: bbolt.FreelistMapType,
		NoStatistics: true,
	}
	if err := d.create(options); err != nil {
		return nil, err
	}
	if err := d.measure(*options); err != nil {
		return nil, err
	}
	if d.db, err = bbolt.Open(d.path, 0o600, options); err != nil {
		return nil, d.openError(err)
	}
	return d, nil
}

// create makes the file if there is none: complete under another name first,
// because a file that a dying process left half initialized would not open.
func (d *disk) create(options *bbolt.Options) error {
	if _, err := os.Stat(d.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fresh := d.path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("open store: %w", err)
	}
	db, err := bbolt.Open(fresh, 0o600, options)
	if err != nil {
		return d.openError(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	if err = errors.Join(err, db.Close()); err == nil {
		err = os.Rename(fresh, d.path)
	}
	// Another process may have been faster: then its file is as good.
	if _, there := os.Stat(d.path); there == nil {
		return nil
	}
	return err
}

// measure refuses a file that lacks its end. bbolt would find out by touching
// memory that no file backs, which kills the process.
func (d *disk) measure(options bbolt.Options) error {
	// bbolt would take an empty file for one to be begun, and has no error value
	// for other sizes below the four pages that every file of its own has.
	if info, err := os.Stat(d.path); err == nil && info.Mode().IsRegular() && info.Size() < 4*4096 {
		return &CorruptError{File: d.path, Err: fmt.Errorf("the file has only %d bytes", info.Size())}
	}
	options.ReadOnly = true
	db, err := bbolt.Open(d.path, 0o600, &options)
	if err != nil {
		return d.openError(err)
	}
	defer db.Close()
	info, err := os.Stat(d.path)
	if err != nil {
		return err
	}
	return db.View(func(tx *bbolt.Tx) error {
		if tx.Size() > info.Size() {
			return &CorruptError{File: d.path, Err: fmt.Errorf("the file has %d bytes, but its header speaks of %d", info.Size(), tx.Size())}
		}
		if tx.Bucket(bucket) == nil {
			return fmt.Errorf("open %s: %w", d.path, ErrFormat)
		}
		return nil
	})
}

func (d *disk) openError(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("open %s: %w", d.path, ErrInUse)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return &CorruptError{File: d.path, Err: err}
	}
	return fmt.Errorf("open store: %w", err)
}

// damaged turns a panic of bbolt into an error.
func (d *disk) damaged(p any) error {
	return &CorruptError{File: d.path, Err: fmt.Errorf("%v", p)}
}

// guard makes what a damaged file does to bbolt an error of the operation:
// panics, and reads of memory behind a file that has become shorter.
func (d *disk) guard(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			*err = d.damaged(p)
		}
		if errors.Is(*err, bolterrors.ErrDatabaseNotOpen) {
			*err = ErrClosed
		}
	}
}

func (d *disk) view(fn func(reader) error) (err error) {
	defer d.guard(&err)()
	return d.db.View(func(tx *bbolt.Tx) error { return fn(diskTx{tx.Bucket(bucket)}) })
}

func (d *disk) update(fn func(writer) error) (err error) {
	defer d.guard(&err)()
	return d.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		// Most keys are written in order: fill pages more than bbolt's half.
		b.FillPercent = 0.8
		return fn(diskTx{b})
	})
}

// verify runs bbolt's own check, in a write transaction that is rolled back:
// it is not safe beside a writer.
func (d *disk) verify() (err error) {
	defer d.guard(&err)()
	tx, err := d.db.Begin(true)
	if err != nil {
		return err
	}
	var found error
	for e := range tx.Check() {
		found = e // drained, so that the checking goroutine ends; one is enough
	}
	if found != nil {
		found = &CorruptError{File: d.path, Err: found}
	}
	return errors.Join(found, tx.Rollback())
}

func (d *disk) size() int64 {
	info, err := os.Stat(d.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

func (d *disk) close() error { return d.db.Close() }

// diskTx is a transaction of bbolt.
type diskTx struct{ b *bbolt.Bucket }

func (t diskTx) get(key []byte) []byte       { return t.b.Get(key) }
func (t diskTx) put(key, value []byte) error { return t.b.Put(key, value) }
func (t diskTx) delete(key []byte) error     { return t.b.Delete(key) }

func (t diskTx) ascend(from, to []byte, yield func(key, value []byte) bool) {
	c := t.b.Cursor()
	for k, v := c.Seek(from); k != nil && bytes.Compare(k, to) < 0; k, v = c.Next() {
		if !yield(k, v) {
			return
		}
	}
}

func (t diskTx) descend(from, to []byte, yield func(key, value []byte) bool) {
	c := t.b.Cursor()
	last := c.Prev
	if k, _ := c.Seek(to); k == nil {
		last = c.Last // all keys are before to
	}
	for k, v := last(); k != nil && bytes.Compare(k, from) >= 0; k, v = c.Prev() {
		if !yield(k, v) {
			return
		}
	}
}
