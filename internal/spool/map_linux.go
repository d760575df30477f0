package spool

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
)

// A fileMemory is a part of a file, mapped.
type fileMemory struct {
	name string
	at   int64 // where it begins, at a page
	mem  []byte
}

// Map is of a Mapper. What is stored in shared memory is in the same pages of the
// system that read(2) and write(2) work on, and outlives the process like these.
func (f diskFile) Map(at int64, n int) (Mapping, error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	m := &fileMemory{name: f.Name(), at: at - at%int64(os.Getpagesize())}
	var failed error
	err = conn.Control(func(fd uintptr) {
		m.mem, failed = syscall.Mmap(int(fd), m.at, int(at-m.at)+n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	})
	if err = cmp.Or(err, failed); err != nil {
		return nil, fmt.Errorf("map %s: %w", m.name, err)
	}
	if err := populate(m.mem); err != nil {
		return nil, errors.Join(fmt.Errorf("map %s: %w", m.name, err), m.Unmap())
	}
	return m, nil
}

// populate makes the pages of memory, so that storing in it waits for nothing. Linux
// can do that since 5.14.
func populate(mem []byte) error {
	const madvPopulateWrite = 23 // asm-generic/mman-common.h
	return syscall.Madvise(mem, madvPopulateWrite)
}

// Store is of a Mapping. If the file has been cut meanwhile, or its disk fails, there
// is no page for the memory. The system answers with a signal that would end the
// program; here it is an error.
func (m *fileMemory) Store(b []byte, at int64) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(interface {
				error
				Addr() uintptr
			}); !ok {
				panic(r)
			}
			// The fault's own text is that of a nil pointer.
			err = fmt.Errorf("store in %s at byte %d: the system has no page for it: somebody has cut it, or its disk is full or fails", m.name, at)
		}
	}()
	to := m.mem[at-m.at:]
	copy(to[storedLast:len(b)], b[storedLast:])
	copy(to[:storedLast], b)
	return nil
}

func (m *fileMemory) Unmap() error { return syscall.Munmap(m.mem) }
