package spool

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// segmentSizes are the lengths of the segment files of a spool, oldest first.
func segmentSizes(t *testing.T, s *Spool) (sizes []int64) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(s.Path(), "*"+segmentEnding))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, info.Size())
	}
	return sizes
}

// isReserved reports whether the spool has a reserve now.
func isReserved(s *Spool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reserve.mem != nil
}

// fill appends records of some hundred bytes, n bytes in all, and returns them.
func fill(t *testing.T, s *Spool, name string, n int) (texts []string) {
	t.Helper()
	for i := 0; n > 0; i++ {
		text := fmt.Sprint(name, i, strings.Repeat("x", 400))
		n -= len(text)
		add(t, s, event(text))
		texts = append(texts, text+"|")
	}
	return texts
}

func TestAReserveIsForThoseWhoWriteMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where a moment has no length
		fsys := newCrashFS()
		s := open(t, Options{Dir: root, FS: fsys})
		fill(t, s, "a", busyBytes/4)
		if isReserved(s) || fsys.stores > 0 {
			t.Error("there is a reserve although little was written")
		}
		<-time.After(busyTime + 1)
		fill(t, s, "b", busyBytes/4)
		if isReserved(s) {
			t.Error("there is a reserve although little was written at a time")
		}
		fill(t, s, "c", busyBytes)
		writes := fsys.writes
		fill(t, s, "d", busyBytes/4)
		if !isReserved(s) || fsys.writes != writes {
			t.Errorf("much is written with %d calls", fsys.writes-writes)
		}
		add(t, s, event(strings.Repeat("x", smallWrite)))
		if fsys.writes != writes+1 {
			t.Errorf("a large record takes %d calls", fsys.writes-writes)
		}
	})
}

func TestAReserveIsNotUsedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where a moment has no length
		fsys := newCrashFS()
		s := open(t, Options{Dir: root, FS: fsys})
		fill(t, s, "a", 2*busyBytes)
		if !isReserved(s) {
			t.Fatal("there is no reserve")
		}
		<-time.After(reserveTime + 1)
		writes := fsys.writes
		fill(t, s, "b", 1)
		if isReserved(s) || fsys.writes != writes+1 {
			t.Errorf("an old reserve is used (%d writes)", fsys.writes-writes)
		}
		fill(t, s, "c", 2*busyBytes)
		if !isReserved(s) {
			t.Error("there is no reserve any more")
		}
	})
}

func TestASpoolThatSyncsHasNoReserve(t *testing.T) {
	for _, policy := range []SyncPolicy{SyncInterval, SyncAlways} {
		fsys := newCrashFS()
		s := open(t, Options{Dir: root, FS: fsys, Sync: policy})
		fill(t, s, "a", 2*busyBytes)
		if isReserved(s) || fsys.stores > 0 {
			t.Errorf("there is a reserve with %d", policy)
		}
	}
}

// What a killed process leaves of its reserve is no damage, and no part of what the
// next one keeps. Without a reserve, or with anything in it, it is told.
func TestZerosOfAReserveAreNoDamage(t *testing.T) {
	dir := t.TempDir()
	killed := open(t, Options{Dir: dir, eager: true})
	want := fill(t, killed, "a", 2000)
	live, err := List(dir)
	if err != nil || len(live) != 1 || live[0].Damage != nil || live[0].Records != int64(len(want)) {
		t.Errorf("listed beside the living process: %+v, %v", live, err)
	}
	copyLeft := func(change func([]byte) []byte) string {
		other := t.TempDir()
		sub := filepath.Join(other, filepath.Base(killed.Path()))
		if err := os.Mkdir(sub, 0o700); err != nil {
			t.Fatal(err)
		}
		paths, _ := filepath.Glob(filepath.Join(killed.Path(), "*"+segmentEnding))
		b, err := os.ReadFile(paths[0])
		if err != nil || len(b) < leastSegment-1 {
			t.Fatal(len(b), err)
		}
		if err := os.WriteFile(filepath.Join(sub, filepath.Base(paths[0])), change(b), 0o600); err != nil {
			t.Fatal(err)
		}
		return other
	}

	left := copyLeft(func(b []byte) []byte { return b })
	if err := Walk(left, func(cwl.Event, Place) error { return nil }); err != nil {
		t.Errorf("walked: %v", err)
	}
	next := open(t, Options{Dir: left}) // fails if anything is reported
	if n := adopt(t, next); n != int64(len(want)) {
		t.Errorf("%d records adopted, want %d", n, len(want))
	}
	paths, _ := filepath.Glob(filepath.Join(left, "*", "*"+segmentEnding))
	if info, err := os.Stat(paths[0]); err != nil || info.Size() != next.Backlog().Bytes {
		t.Errorf("the file has %d bytes, the spool says %d (%v)", info.Size(), next.Backlog().Bytes, err)
	}
	wantTexts(t, readAllEvents(t, next).texts, want...)

	for name, change := range map[string]func([]byte) []byte{
		"something in the reserve": func(b []byte) []byte { b[len(b)-5] = 1; return b },
		"no flag": func(b []byte) []byte {
			h, _ := parseHeader(b)
			h.reserves = false
			return append(h.append(nil), b[headerBytes:]...)
		},
	} {
		var told []error
		s := open(t, Options{Dir: copyLeft(change), Report: func(err error) { told = append(told, err) }})
		adopt(t, s)
		var d *DamageError
		if len(told) != 1 || !errors.As(told[0], &d) || !d.Tail {
			t.Errorf("%s: told %v", name, told)
		}
		wantTexts(t, readAllEvents(t, s).texts, want...)
	}
}

func TestAReserveIsGivenBackAtTheEnd(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir, SegmentBytes: 20_000, eager: true})
	fill(t, s, "a", 30_000)
	if sizes := segmentSizes(t, s); len(sizes) != 2 || sizes[0] >= 21_000 || sizes[1] != 20_000 {
		t.Errorf("segments have %d bytes", sizes)
	}
	used := s.Backlog().Bytes
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, size := range segmentSizes(t, s) {
		sum += size
	}
	if sum != used {
		t.Errorf("segments have %d bytes, the spool said %d", sum, used)
	}
}

// Segments and reserve together stay below the cap, and all of it can be used.
func TestAReserveCountsAsWritten(t *testing.T) {
	for seed := range uint64(4) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		o := Options{Dir: t.TempDir(), MaxBytes: 8*reserveBytes + rnd.Int64N(reserveBytes), eager: true}
		s := open(t, o)
		stored, full := 0, 0
		for full < 3 {
			err := s.Append([]cwl.Event{event(strings.Repeat("x", rnd.IntN(5000)))})
			if isReserved(s) {
				stored++
			}
			if err != nil && !errors.Is(err, ErrFull) {
				t.Fatal(err)
			}
			if rnd.IntN(50) == 0 {
				own := []cwl.Event{event(strings.Repeat("x", rnd.IntN(reserveBytes)))}
				if err := s.AppendOwn(own); err != nil && !errors.Is(err, ErrFull) {
					t.Fatal(err)
				}
			}
			var sum int64
			for _, size := range segmentSizes(t, s) {
				sum += size
			}
			if sum > o.MaxBytes {
				t.Fatalf("%d bytes of %d are taken", sum, o.MaxBytes)
			}
			if err != nil {
				full++
				if free := o.MaxBytes - s.Backlog().Bytes; free > 10_000 {
					t.Fatalf("full although %d bytes are free", free)
				}
			}
		}
		if stored < 100 {
			t.Errorf("only %d records were written beside a reserve", stored)
		}
	}
}

// A disk that has no room for a reserve has room for records.
func TestAFullDiskHasNoReserve(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys, eager: true})
	fsys.room = 20_000
	want := fill(t, s, "a", 5000)
	if isReserved(s) {
		t.Error("there is a reserve that does not fit")
	}
	wantTexts(t, readAllEvents(t, s).texts, want...)
}

// A write that fails takes the reserve with it: the file ends behind what is kept.
func TestAfterAFailedWriteThereIsNoReserve(t *testing.T) {
	hooks := &hookFS{FS: newCrashFS()}
	s := open(t, Options{Dir: root, FS: hooks, eager: true})
	want := fill(t, s, "a", 2000)
	hooks.write = func() error { return syscall.EIO }
	if err := s.Append([]cwl.Event{event(strings.Repeat("x", smallWrite))}); !errors.Is(err, syscall.EIO) {
		t.Error(err)
	}
	if isReserved(s) {
		t.Error("there is a reserve")
	}
	hooks.write = nil
	want = append(want, fill(t, s, "b", 2000)...)
	wantTexts(t, readAllEvents(t, s).texts, want...)
}

// What was adopted may have taken the room beside a reserve.
func TestOwnRecordsComeBeforeAReserve(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), eager: true})
	fill(t, s, "a", 2000)
	s.mu.Lock()
	s.opts.MaxBytes = s.used + 2000
	s.mu.Unlock()
	if err := s.AppendOwn([]cwl.Event{event("lost")}); err != nil {
		t.Error(err)
	}
}
