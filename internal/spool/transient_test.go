package spool

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A sickFS is the real file system, where the next opening or reading of a
// segment for reading fails, as when the process has no descriptor left.
type sickFS struct {
	disk
	openFails, readFails int
}

func (f *sickFS) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	segment := filepath.Ext(name) == segmentEnding && flag == os.O_RDONLY
	if segment && f.openFails > 0 {
		f.openFails--
		return nil, &os.PathError{Op: "open", Path: name, Err: syscall.EMFILE}
	}
	file, err := f.disk.OpenFile(name, flag, perm)
	if err == nil && segment {
		file = &sickFile{file, f}
	}
	return file, err
}

type sickFile struct {
	File
	fs *sickFS
}

func (f *sickFile) ReadAt(b []byte, at int64) (int, error) {
	if f.fs.readFails > 0 {
		f.fs.readFails--
		return 0, syscall.EIO
	}
	return f.File.ReadAt(b, at)
}

// texts reads what there is, errors or not.
func texts(s *Spool) (got []string) {
	s.Read(math.MaxInt, func(e *cwl.Event, _ Position, _ Mark) bool {
		got = append(got, string(e.Fragment))
		return true
	})
	return got
}

// A process that has too many files open for a moment must not give up events
// that are whole on disk: "damaged on disk" is for what is damaged.
func TestASegmentThatCannotBeOpenedNowIsReadLater(t *testing.T) {
	fsys := &sickFS{openFails: 1}
	s := open(t, Options{Dir: t.TempDir(), FS: fsys})
	add(t, s, event("a"))
	add(t, s, event("b"))
	texts(s) // EMFILE
	wantTexts(t, texts(s), "a", "b")
}

// After a read error in the segment that is being written to, later events
// must not go where nobody reads any more.
func TestAppendsAfterAReadErrorAreRead(t *testing.T) {
	fsys := &sickFS{readFails: maxFailures}
	s := open(t, Options{Dir: t.TempDir(), FS: fsys, Report: func(error) {}})
	add(t, s, event("lost"))
	for range maxFailures {
		texts(s) // EIO: at last "lost" is given up
	}
	add(t, s, event("later"))
	wantTexts(t, texts(s), "later")
	if b := s.Backlog(); b.Unread != 0 {
		t.Errorf("%d events are never read: Flush waits for them for ever", b.Unread)
	}
}

// A disk may fail once, and for a while. What is read again is not lost.
func TestAReadThatFailsTwiceIsTriedAgain(t *testing.T) {
	fsys := &sickFS{readFails: maxFailures - 1}
	var told []error
	s := open(t, Options{Dir: t.TempDir(), FS: fsys, SegmentBytes: 1, Report: func(err error) { told = append(told, err) }})
	add(t, s, event("a"))
	add(t, s, event("b"))
	var got []string
	for range maxFailures {
		got = append(got, texts(s)...)
	}
	wantTexts(t, got, "a", "b")
	if len(told) > 0 {
		t.Errorf("reported %v", told)
	}
}

// A record that was on its way into the segment when that was given up is given
// up too, and told: nobody waits for it for ever.
func TestAppendIntoASegmentThatIsGivenUpIsToldAsLost(t *testing.T) {
	fsys := &sickFS{}
	lost := int64(0)
	s := open(t, Options{Dir: t.TempDir(), FS: fsys, Report: func(err error) {
		if d, ok := errors.AsType[*DamageError](err); ok {
			lost += d.Records
		}
	}})
	add(t, s, event("a"))
	g := &group{buf: appendFrame(nil, record("b", 1))}
	n, err := s.write(g)
	if err != nil {
		t.Fatal(err)
	}
	fsys.readFails = maxFailures
	for range maxFailures {
		texts(s)
	}
	s.mu.Lock()
	s.commit(g, n)
	s.mu.Unlock()
	texts(s)
	if b := s.Backlog(); lost != 2 || b.Unread != 0 || b.Records != 0 {
		t.Errorf("%d records told as lost, want 2; backlog %+v", lost, b)
	}
}
