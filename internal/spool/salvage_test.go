package spool

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

// told collects what is reported: records that are lost, and the rest.
type told struct {
	lost  int64
	other []error
}

func (w *told) hear(err error) {
	if d, ok := errors.AsType[*DamageError](err); ok {
		w.lost += d.Records
		return
	}
	w.other = append(w.other, err)
}

// remove is somebody who cleans temporary folders.
func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func addMany(t *testing.T, s *Spool, from, n int) (want []string) {
	t.Helper()
	for i := range n {
		add(t, s, event(fmt.Sprint(from+i)))
		want = append(want, fmt.Sprint(from+i, "|"))
	}
	return want
}

// What is in the open segment when the folder is removed is written anew, at the
// latest at Close, and so is what comes later.
func TestASpoolThatIsRemovedMeanwhileIsMadeAnew(t *testing.T) {
	for name, notice := range map[string]func(t *testing.T, s *Spool){
		"at Close": func(*testing.T, *Spool) {},
		"by Adopt": func(t *testing.T, s *Spool) { adopt(t, s) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir() + "/spool"
			var w told
			s, err := Open(Options{Dir: dir, Owner: "eu app", Report: w.hear})
			if err != nil {
				t.Fatal(err)
			}
			want := addMany(t, s, 0, 50)
			at := readSome(t, s, 10)
			remove(t, dir)
			notice(t, s)
			want = append(want, addMany(t, s, 50, 50)...)
			if err := errors.Join(s.Ack(at[:5]), s.Close()); err != nil {
				t.Fatal(err)
			}
			if w.lost > 0 || len(w.other) == 0 {
				t.Errorf("%d records told as lost, also told: %v", w.lost, w.other)
			}
			next := open(t, Options{Dir: dir, Owner: "eu app"})
			adopt(t, next)
			wantTexts(t, readAllEvents(t, next).texts, want[5:]...)
		})
	}
}

// A segment that is complete is not open: what it held is lost, and told.
func TestCompleteSegmentsThatAreRemovedAreToldAsLost(t *testing.T) {
	for name, c := range map[string]struct {
		read int
		left []string
	}{
		"none was read":  {0, []string{"4|", "5|", "6|"}},
		"some were read": {2, []string{"1|", "4|", "5|", "6|"}}, // the reader has the second open
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var w told
			s, err := Open(Options{Dir: dir, SegmentBytes: 1, Report: w.hear})
			if err != nil {
				t.Fatal(err)
			}
			addMany(t, s, 0, 5)
			if c.read > 0 {
				readSome(t, s, c.read)
			}
			remove(t, s.Path())
			adopt(t, s)
			addMany(t, s, 5, 2)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			next := open(t, Options{Dir: dir})
			if n := adopt(t, next); n+w.lost != 7 {
				t.Errorf("%d records told as lost, and %d are there, of 7", w.lost, n)
			}
			wantTexts(t, readAllEvents(t, next).texts, c.left...)
		})
	}
}

// What was open is read on while the process lives.
func TestWhatIsRemovedMeanwhileIsReadNevertheless(t *testing.T) {
	dir := t.TempDir()
	var w told
	s := open(t, Options{Dir: dir, Report: w.hear})
	want := addMany(t, s, 0, 5)
	remove(t, s.Path())
	wantTexts(t, readAllEvents(t, s).texts, want...)
	want = addMany(t, s, 5, 5)
	g := readAllEvents(t, s)
	wantTexts(t, g.texts, want...)
	if err := s.Ack(g.at); err != nil {
		t.Fatal(err)
	}
	if w.lost > 0 {
		t.Errorf("%d records told as lost", w.lost)
	}
}
