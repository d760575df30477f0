package spool

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

func TestAppendAllWritesAndSyncsOnce(t *testing.T) {
	writes, syncs := 0, 0
	hooks := &hookFS{FS: newCrashFS()}
	s := open(t, Options{Dir: root, FS: hooks, Sync: SyncAlways})
	add(t, s, event("first"))
	hooks.write = func() error { writes++; return nil }
	hooks.sync = func() error { syncs++; return nil }
	n, err := s.AppendAll([][]cwl.Event{record("a", 1), nil, record("b", 2), record("c", 1), {}})
	if n != 5 || err != nil || writes != 1 || syncs != 1 {
		t.Errorf("%d records of 5 taken with %d writes and %d syncs, %v; want one of each", n, writes, syncs, err)
	}
	wantTexts(t, readAllEvents(t, s).texts, "first|", "a.0|", "b.0", "b.1|", "c.0|")
}

// What is longer than a group goes in several, and none of it is lost between.
func TestAppendAllTakesMoreThanAGroup(t *testing.T) {
	writes := 0
	hooks := &hookFS{FS: newCrashFS()}
	s := open(t, Options{Dir: root, FS: hooks})
	add(t, s, event("first"))
	hooks.write = func() error { writes++; return nil }
	var all [][]cwl.Event
	want := []string{"first|"}
	for i := range 30 {
		text := fmt.Sprint(i, strings.Repeat("x", maxGroup/10))
		all = append(all, []cwl.Event{event(text)})
		want = append(want, text+"|")
	}
	if n, err := s.AppendAll(all); n != len(all) || err != nil {
		t.Errorf("%d records of %d taken, %v", n, len(all), err)
	}
	if writes > 8 {
		t.Errorf("%d writes for 3 MiB", writes)
	}
	wantTexts(t, readAllEvents(t, s).texts, want...)
}

// The records that are taken are the first ones, whatever ends it.
func TestAppendAllTellsHowManyItTook(t *testing.T) {
	long := []cwl.Event{event(strings.Repeat("x", 5000))}
	for name, c := range map[string]struct {
		records [][]cwl.Event
		room    int // on the disk
		taken   int
		err     error
	}{
		"the disk is full": {[][]cwl.Event{record("a", 1), nil, record("b", 1), record("c", 1)}, 2*len(appendFrame(nil, record("a", 1))) + 5, 3, syscall.ENOSPC},
		"the cap":          {[][]cwl.Event{record("a", 1), {event(strings.Repeat("x", 1500))}, {event(strings.Repeat("x", 1500))}, record("c", 1)}, 1 << 20, 2, ErrFull},
		"too large":        {[][]cwl.Event{record("a", 1), long, record("c", 1)}, 1 << 20, 1, ErrTooLarge},
		"too large alone":  {[][]cwl.Event{nil, long}, 1 << 20, 1, ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := newCrashFS()
			fsys.room = headerBytes + c.room
			s := open(t, Options{Dir: root, FS: fsys, MaxBytes: 3000})
			n, err := s.AppendAll(c.records)
			if n != c.taken || !errors.Is(err, c.err) {
				t.Errorf("%d records taken, %v; want %d and %v", n, err, c.taken, c.err)
			}
			fsys.room = 1 << 20
			total := 0
			for _, r := range c.records[:c.taken] {
				total += len(r)
			}
			if got := readAllEvents(t, s).texts; len(got) != total {
				t.Errorf("%d events read, want %d", len(got), total)
			}
		})
	}
}

// Waiting for room is of no use to a record that is longer than all of it, so
// its error is another one.
func TestARecordLargerThanTheSpoolIsNotAFullSpool(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), MaxBytes: 1000})
	err := s.Append([]cwl.Event{event(strings.Repeat("x", 2000))})
	if !errors.Is(err, ErrTooLarge) || errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrTooLarge and not ErrFull", err)
	}
	if len(s.segments) > 0 {
		t.Error("a segment was begun for it")
	}
	add(t, s, event("b"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append([]cwl.Event{event("c")}); err != ErrClosed {
		t.Errorf("%v, want ErrClosed", err)
	}
}
