package spool

import (
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// A crashFS is a file system in memory that remembers every change, so that
// what a crash after any of them leaves can be made again.
type crashFS struct {
	mu     sync.Mutex
	state  fsState
	log    []change
	locks  map[string]bool
	room   int // bytes that can still be written; a write that has none is cut short
	writes int
	stores int
}

// An fsState is what is on a disk: folders map to nil.
type fsState map[string]*inode

type inode struct{ data []byte }

// A change is one call that changed something.
type change struct {
	op   string // write, store, truncate, sync, create, remove, syncdir
	path string
	file *inode // that was open, whatever its name is now
	at   int64
	data []byte
}

func newCrashFS() *crashFS {
	return &crashFS{state: fsState{}, locks: map[string]bool{}, room: 1 << 30}
}

// apply does a change to a state. Files are told apart by the inode of the
// original, which twin maps to the one of this state.
func (s fsState) apply(c change, twin map[*inode]*inode) {
	switch c.op {
	case "create":
		if c.file == nil {
			s[c.path] = nil
		} else {
			twin[c.file] = &inode{}
			s[c.path] = twin[c.file]
		}
	case "remove":
		delete(s, c.path)
	case "write", "store":
		f := twin[c.file]
		if end := int(c.at) + len(c.data); end > len(f.data) {
			f.data = append(f.data, make([]byte, end-len(f.data))...)
		}
		copy(f.data[c.at:], c.data)
	case "truncate":
		f := twin[c.file]
		f.data = append([]byte{}, f.data[:min(int(c.at), len(f.data))]...)
	}
}

// afterKill is what a process leaves that is killed after n changes: the next
// one, if it is a write, may be there in part.
func (c *crashFS) afterKill(n int, rnd *rand.Rand) *crashFS {
	left, twin := newCrashFS(), map[*inode]*inode{}
	for _, ch := range c.log[:n] {
		left.state.apply(ch, twin)
	}
	if n < len(c.log) && c.log[n].writes() && rnd.IntN(2) == 0 {
		left.state.apply(torn(c.log[n], rnd), twin)
	}
	return left
}

func (c change) writes() bool { return c.op == "write" || c.op == "store" }

// torn is a part of what is written. What is stored begins behind what comes last.
func torn(c change, rnd *rand.Rand) change {
	if c.op == "store" {
		c.data, c.at = c.data[storedLast:], c.at+storedLast
	}
	c.data = c.data[:rnd.IntN(len(c.data)+1)]
	return c
}

// afterPowerLoss is what a machine leaves that fails after n changes: of each
// file and each folder some of the changes that came after its last sync are
// there, in order, the last of them in part; or a file has its new length and
// zeros for what was not written.
func (c *crashFS) afterPowerLoss(n int, rnd *rand.Rand) *crashFS {
	last := map[any]int{} // the last sync of each file and folder
	for i, ch := range c.log[:n] {
		switch ch.op {
		case "sync":
			last[ch.file] = i + 1
		case "syncdir":
			last[ch.path] = i + 1
		}
	}
	left, twin := newCrashFS(), map[*inode]*inode{}
	lost := map[any]bool{}
	for i, ch := range c.log[:n] {
		key := any(ch.file)
		if ch.op == "create" || ch.op == "remove" {
			key = filepath.Dir(ch.path)
		}
		if i >= last[key] && (lost[key] || rnd.IntN(4) == 0) {
			left.loseOne(ch, twin, !lost[key], rnd)
			lost[key] = true
			continue
		}
		left.state.apply(ch, twin)
	}
	for path := range left.state { // what stands in a folder that was lost
		if path != root && left.orphan(path) {
			delete(left.state, path)
		}
	}
	return left
}

func (c *crashFS) loseOne(ch change, twin map[*inode]*inode, first bool, rnd *rand.Rand) {
	switch {
	case ch.op == "create" && ch.file != nil:
		twin[ch.file] = &inode{} // open, and without a name
	case ch.writes() && first && rnd.IntN(2) == 0:
		c.state.apply(torn(ch, rnd), twin)
	case ch.writes() && first:
		ch.data = make([]byte, len(ch.data))
		c.state.apply(ch, twin)
	}
}

func (c *crashFS) orphan(path string) bool {
	for dir := filepath.Dir(path); dir != root; dir = filepath.Dir(dir) {
		if _, ok := c.state[dir]; !ok {
			return true
		}
	}
	return false
}

// root is the spool folder in a crashFS. It always exists.
const root = "spool"

func (c *crashFS) note(ch change) {
	c.log = append(c.log, ch)
}

func (c *crashFS) OpenFile(name string, flag int, _ os.FileMode) (File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.state[name]
	switch {
	case !ok && flag&os.O_CREATE == 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case ok && flag&os.O_EXCL != 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrExist}
	case !ok:
		f = &inode{}
		c.state[name] = f
		c.note(change{op: "create", path: name, file: f})
	}
	return &crashFile{c, f}, nil
}

func (c *crashFS) Mkdir(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state[name] = nil
	c.note(change{op: "create", path: name})
	return nil
}

func (c *crashFS) ReadDir(name string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for path := range c.state {
		if filepath.Dir(path) == name {
			names = append(names, filepath.Base(path))
		}
	}
	slices.Sort(names)
	return names, nil
}

func (c *crashFS) Remove(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.state[name]; !ok {
		return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrNotExist}
	}
	for path := range c.state {
		if strings.HasPrefix(path, name+string(filepath.Separator)) {
			return fmt.Errorf("remove %s: not empty", name)
		}
	}
	if f := c.state[name]; f != nil {
		c.room += len(f.data)
	}
	delete(c.state, name)
	c.note(change{op: "remove", path: name})
	return nil
}

func (c *crashFS) SyncDir(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.note(change{op: "syncdir", path: name})
	return nil
}

func (c *crashFS) Lock(name string, create bool) (io.Closer, error) {
	flag := 0
	if create {
		flag = os.O_CREATE
	}
	if _, err := c.OpenFile(name, flag, 0); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.locks[name] {
		return nil, ErrLocked
	}
	c.locks[name] = true
	return crashLock{c, name}, nil
}

type crashLock struct {
	fs   *crashFS
	name string
}

func (l crashLock) Close() error {
	l.fs.mu.Lock()
	defer l.fs.mu.Unlock()
	delete(l.fs.locks, l.name)
	return nil
}

type crashFile struct {
	fs *crashFS
	f  *inode
}

func (f *crashFile) ReadAt(b []byte, at int64) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if at >= int64(len(f.f.data)) {
		return 0, io.EOF
	}
	n := copy(b, f.f.data[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *crashFile) WriteAt(b []byte, at int64) (n int, err error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	f.fs.writes++
	fits := max(0, len(f.f.data)-int(at)) + f.fs.room // over what is there, and behind it
	if len(b) > fits {
		b, err = b[:fits], syscall.ENOSPC
	}
	f.fs.room -= max(0, int(at)+len(b)-len(f.f.data))
	c := change{op: "write", file: f.f, at: at, data: slices.Clone(b)}
	fsState{}.apply(c, map[*inode]*inode{f.f: f.f})
	f.fs.note(c)
	return len(b), err
}

func (f *crashFile) Map(at int64, n int) (Mapping, error) {
	return crashMemory{f, at, at + int64(n)}, nil
}

type crashMemory struct {
	file   *crashFile
	at, to int64
}

func (m crashMemory) Store(b []byte, at int64) error {
	f := m.file
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if at < m.at || at+int64(len(b)) > min(m.to, int64(len(f.f.data))) {
		return fmt.Errorf("store %d bytes at %d, mapped are %d to %d of %d", len(b), at, m.at, m.to, len(f.f.data))
	}
	f.fs.stores++
	c := change{op: "store", file: f.f, at: at, data: slices.Clone(b)}
	fsState{}.apply(c, map[*inode]*inode{f.f: f.f})
	f.fs.note(c)
	return nil
}

func (m crashMemory) Unmap() error { return nil }

func (f *crashFile) Truncate(size int64) error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	f.fs.room += max(0, len(f.f.data)-int(size))
	c := change{op: "truncate", file: f.f, at: size}
	fsState{}.apply(c, map[*inode]*inode{f.f: f.f})
	f.fs.note(c)
	return nil
}

func (f *crashFile) Sync() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	f.fs.note(change{op: "sync", file: f.f})
	return nil
}

func (f *crashFile) Size() (int64, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	return int64(len(f.f.data)), nil
}

func (f *crashFile) Close() error { return nil }
