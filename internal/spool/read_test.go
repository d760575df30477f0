package spool

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

func TestOldEventsAreMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Options{Dir: root, FS: newCrashFS(), MaxAge: time.Hour})
		now := time.Now().UnixMilli()
		hour := time.Hour.Milliseconds()
		for _, age := range []int64{0, hour, hour + 1} {
			e := event("x")
			e.Time = now - age
			add(t, s, e)
		}
		var old []bool
		s.Read(1<<20, func(_ *cwl.Event, _ Position, m Mark) bool {
			old = append(old, m.TooOld())
			return true
		})
		if len(old) != 3 || old[0] || old[1] || !old[2] {
			t.Errorf("marked as too old: %v, want the third", old)
		}
	})
}

func TestWakeComesWhenThereIsSomethingAfterNothing(t *testing.T) {
	s := open(t, Options{Dir: root, FS: newCrashFS()})
	awake := func() bool {
		select {
		case <-s.Wake():
			return true
		default:
			return false
		}
	}
	if awake() {
		t.Error("woken for nothing")
	}
	add(t, s, event("a"))
	add(t, s, event("b"))
	if !awake() || awake() {
		t.Error("not woken once for two events")
	}
	readAllEvents(t, s)
	add(t, s, event("c"))
	if !awake() {
		t.Error("not woken after everything was read")
	}
}

func TestSplitRecordIsTiedTogetherAcrossReadsAndAdoption(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, "old")
	s := open(t, Options{Dir: dir})
	add(t, s, record("a", 3)...)
	var texts []string
	stopAfterFirst := func(e *cwl.Event, _ Position, m Mark) bool {
		texts = append(texts, string(e.Fragment)+map[bool]string{true: "|"}[m.Last()])
		return len(texts) > 1
	}
	s.Read(1<<20, stopAfterFirst)
	adopt(t, s)
	s.Read(1<<20, stopAfterFirst)
	wantTexts(t, texts, "a.0", "a.1", "a.2|", "old|")
}

// A segment that cannot be read is passed over, told, and left in place.
func TestUnreadableSegmentIsPassedOver(t *testing.T) {
	fsys := newCrashFS()
	hooks := &hookFS{FS: fsys}
	var told []error
	s := open(t, Options{Dir: root, FS: hooks, SegmentBytes: 100, Report: func(err error) { told = append(told, err) }})
	add(t, s, event(strings.Repeat("a", 100)))
	add(t, s, event("b"))
	left := maxFailures
	hooks.read = func() error {
		if left--; left == 0 {
			hooks.read = nil
		}
		return syscall.EIO
	}
	var got []string
	var err error
	for range maxFailures {
		_, err = s.Read(1<<20, func(e *cwl.Event, at Position, _ Mark) bool {
			got = append(got, string(e.Fragment))
			return true
		})
	}
	wantTexts(t, got, "b")
	var d *DamageError
	if !errors.Is(err, syscall.EIO) || len(told) != 1 || !errors.As(told[0], &d) || d.Records != 1 || d.Events != 1 {
		t.Errorf("error %v, reported %v", err, told)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	next := open(t, Options{Dir: root, FS: fsys})
	if n := adopt(t, next); n != 2 {
		t.Errorf("%d records adopted when the disk is well again, want 2", n)
	}
}

func TestAcknowledgementsThatFailAreTriedAgain(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	for _, text := range []string{"a", "b", "c"} {
		add(t, s, event(text))
	}
	g := readAllEvents(t, s)
	fsys.room = 5
	if err := s.Ack(g.at[:1]); !errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	fsys.room = 1 << 20
	if err := s.Ack(g.at[2:]); err != nil {
		t.Error(err)
	}
	next := open(t, Options{Dir: root, FS: fsys.afterKill(len(fsys.log), nil)})
	adopt(t, next)
	wantTexts(t, readAllEvents(t, next).texts, "b|")
}

// Where files cannot be removed their events must not come back.
func TestSettledSegmentThatCannotBeRemovedStaysSettled(t *testing.T) {
	fsys := newCrashFS()
	hooks := &hookFS{FS: fsys}
	s := open(t, Options{Dir: root, FS: hooks, SegmentBytes: 1})
	add(t, s, event("a"))
	add(t, s, event("b"))
	hooks.remove = func() error { return syscall.EACCES }
	if err := s.Ack(readAllEvents(t, s).at[:1]); !errors.Is(err, syscall.EACCES) {
		t.Errorf("%v, want EACCES", err)
	}
	hooks.remove = nil
	next := open(t, Options{Dir: root, FS: fsys.afterKill(len(fsys.log), nil)})
	adopt(t, next)
	wantTexts(t, readAllEvents(t, next).texts, "b|")
}

func TestCloseSavesAcknowledgementsThatFailed(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	add(t, s, event("a"))
	add(t, s, event("b"))
	g := readAllEvents(t, s)
	fsys.room = 5
	if err := s.Ack(g.at[:1]); !errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	fsys.room = 1 << 20
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	next := open(t, Options{Dir: root, FS: fsys})
	adopt(t, next)
	wantTexts(t, readAllEvents(t, next).texts, "b|")
}
