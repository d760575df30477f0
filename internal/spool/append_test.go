package spool

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A hookFS calls hooks before it does what it is asked for, on another.
type hookFS struct {
	FS
	write  func() error
	sync   func() error
	read   func() error
	remove func() error
}

type hookFile struct {
	File
	fs *hookFS
}

func call(hook func() error) error {
	if hook == nil {
		return nil
	}
	return hook()
}

func (h *hookFS) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	f, err := h.FS.OpenFile(name, flag, perm)
	return hookFile{f, h}, err
}

func (h *hookFS) Remove(name string) error {
	if err := call(h.remove); err != nil {
		return err
	}
	return h.FS.Remove(name)
}

func (f hookFile) WriteAt(b []byte, at int64) (int, error) {
	if err := call(f.fs.write); err != nil {
		return 0, err
	}
	return f.File.WriteAt(b, at)
}

func (f hookFile) Map(at int64, n int) (Mapping, error) {
	if m, ok := f.File.(Mapper); ok {
		return m.Map(at, n)
	}
	return nil, errors.ErrUnsupported
}

func (f hookFile) ReadAt(b []byte, at int64) (int, error) {
	if err := call(f.fs.read); err != nil {
		return 0, err
	}
	return f.File.ReadAt(b, at)
}

func (f hookFile) Sync() error {
	if err := call(f.fs.sync); err != nil {
		return err
	}
	return f.File.Sync()
}

func TestAppendsThatWaitAreWrittenAtOnce(t *testing.T) {
	fsys := newCrashFS()
	hooks := &hookFS{FS: fsys}
	s := open(t, Options{Dir: root, FS: hooks})
	const callers = 8
	writes := 0
	writing := make(chan struct{})
	hooks.write = func() error {
		if writes++; writes == 2 { // the header was the first
			close(writing)
			for waiting := 0; waiting < callers-1; runtime.Gosched() {
				s.mu.Lock()
				if s.filling != nil {
					waiting = int(s.filling.members)
				}
				s.mu.Unlock()
			}
		}
		return nil
	}
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() { add(t, s, event(fmt.Sprint(i))) })
		<-writing // by the first, who waits for the others
	}
	all.Wait()
	if writes != 3 {
		t.Errorf("%d writes, want the header, the first, and one for the rest", writes)
	}
	if g := readAllEvents(t, s); len(g.texts) != callers {
		t.Errorf("read %q", g.texts)
	}
}

func TestConcurrentAppendsKeepEachCallersOrder(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), SegmentBytes: 4 << 10})
	const callers, each = 8, 500
	var all sync.WaitGroup
	for w := range callers {
		all.Go(func() {
			for i := range each {
				add(t, s, event(fmt.Sprintf("%d %d", w, i)))
			}
		})
	}
	var next [callers]int
	read := 0
	for read < callers*each {
		var at []Position
		n, err := s.Read(2000, func(e *cwl.Event, p Position, _ Mark) bool {
			var w, i int
			fmt.Sscan(string(e.Fragment), &w, &i)
			if next[w] != i {
				t.Errorf("caller %d: event %d instead of %d", w, i, next[w])
			}
			next[w]++
			at = append(at, p)
			return true
		})
		if err := errors.Join(err, s.Ack(at)); err != nil {
			t.Fatal(err)
		}
		if read += n; n == 0 {
			<-s.Wake()
		}
	}
	all.Wait()
	if b := s.Backlog(); b.Records != 0 || b.Events != 0 || b.Unread != 0 {
		t.Errorf("backlog %+v", b)
	}
}

func TestAppendRefusesMoreThanTheCap(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir, MaxBytes: 2000, SegmentBytes: 400})
	var err error
	n := 0
	for ; err == nil && n < 1000; n++ {
		err = s.Append([]cwl.Event{event(strings.Repeat("x", 50))})
	}
	if err != ErrFull {
		t.Fatalf("append %d: %v, want ErrFull", n, err)
	}
	if b := s.Backlog(); b.Bytes > 2000 || b.Bytes < 1500 {
		t.Errorf("%d bytes used, at most 2000 allowed", b.Bytes)
	}
	g := readAllEvents(t, s)
	if err := s.Ack(g.at[:len(g.at)/2]); err != nil {
		t.Fatal(err)
	}
	add(t, s, event("room again"))
	wantTexts(t, readAllEvents(t, s).texts, "room again|")
}

// A cap below the size of a segment must not wedge: what is settled in the
// active segment makes room.
func TestSettledActiveSegmentMakesRoom(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), MaxBytes: 500, SegmentBytes: 1 << 20})
	for range 20 {
		add(t, s, event(strings.Repeat("x", 300)))
		if err := s.Append([]cwl.Event{event(strings.Repeat("x", 300))}); err != ErrFull {
			t.Fatalf("%v, want ErrFull", err)
		}
		if err := s.Ack(readAllEvents(t, s).at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDiskFullIsErrFullAndPasses(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	add(t, s, event("a"))
	fsys.room = 10 // the frame is torn
	if err := s.Append([]cwl.Event{event("b")}); !errors.Is(err, ErrFull) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v, want ErrFull and ENOSPC", err)
	}
	fsys.room = 1 << 20
	add(t, s, event("c"))
	left := fsys.afterKill(len(fsys.log), nil)
	next := open(t, Options{Dir: root, FS: left})
	adopt(t, next)
	wantTexts(t, readAllEvents(t, next).texts, "a|", "c|")
}

// Of a group that the disk had no room for, the records before the tear count.
func TestTornGroupKeepsItsWholeRecords(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	first := appendFrame(nil, record("a", 2))
	fsys.room = headerBytes + len(first) + 5
	g := &group{buf: appendFrame(first, record("b", 1))}
	n, err := s.write(g)
	if n != len(first) || !errors.Is(err, ErrFull) {
		t.Errorf("%d bytes kept, %v; want the first record's %d and ErrFull", n, err, len(first))
	}
	s.commit(g, n)
	wantTexts(t, readAllEvents(t, s).texts, "a.0", "a.1|")
	if size, _ := s.file.Size(); size != s.active.size {
		t.Errorf("the file has %d bytes, the segment %d: the tear was not cut back", size, s.active.size)
	}
}

func TestFailedSyncLeavesNothing(t *testing.T) {
	fsys := newCrashFS()
	broken := errors.New("the disk is gone")
	hooks := &hookFS{FS: fsys}
	s := open(t, Options{Dir: root, FS: hooks, Sync: SyncAlways})
	add(t, s, event("a"))
	hooks.sync = func() error { return broken }
	if err := s.Append([]cwl.Event{event("b")}); !errors.Is(err, broken) {
		t.Errorf("%v, want the error of the disk", err)
	}
	hooks.sync = nil
	add(t, s, event("c"))
	wantTexts(t, readAllEvents(t, s).texts, "a|", "c|")
}

func TestSyncIntervalSyncsOnceAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fsys := newCrashFS()
		s := open(t, Options{Dir: root, FS: fsys, Sync: SyncInterval, SyncEvery: time.Second, SegmentBytes: 100})
		syncs := func() (n int) {
			fsys.mu.Lock()
			defer fsys.mu.Unlock()
			for _, c := range fsys.log {
				if c.op == "sync" {
					n++
				}
			}
			return n
		}
		for range 3 { // each a segment
			add(t, s, event(strings.Repeat("x", 60)))
		}
		time.Sleep(time.Second - 1)
		synctest.Wait()
		if n := syncs(); n != 0 {
			t.Errorf("%d syncs before the interval is over", n)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if n := syncs(); n != 3 {
			t.Errorf("%d syncs, want one for each of 3 segments", n)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := syncs(); n != 3 {
			t.Errorf("%d syncs when nothing is new", n)
		}
		fsys.mu.Lock()
		kept := slices.Clone(fsys.log)
		fsys.mu.Unlock()
		if last := kept[len(kept)-1]; last.op != "syncdir" {
			t.Errorf("the last change is %s, want the folder's sync", last.op)
		}
	})
}
