package spool

import (
	"errors"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// readSome reads until so many events were returned.
func readSome(t *testing.T, s *Spool, n int) (at []Position) {
	t.Helper()
	if _, err := s.Read(1<<20, func(_ *cwl.Event, p Position, _ Mark) bool {
		at = append(at, p)
		return len(at) < n
	}); err != nil {
		t.Fatal(err)
	}
	return at
}

// repeats adopts what is left, and returns which of the events may have been
// delivered already.
func repeats(t *testing.T, o Options) (texts []string) {
	t.Helper()
	s := open(t, o)
	adopt(t, s)
	g := readAllEvents(t, s)
	for i := range g.at {
		if s.MayRepeat(g.at[i:i+1]) > 0 {
			texts = append(texts, g.texts[i])
		}
	}
	if n := s.MayRepeat(g.at); n != int64(len(texts)) {
		t.Errorf("%d of all may repeat, and %d one by one", n, len(texts))
	}
	return texts
}

func TestWhatAKilledProcessHasReadMayRepeat(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	for _, text := range []string{"a", "b", "c", "d"} {
		add(t, s, event(text))
	}
	at := readSome(t, s, 3)
	if err := s.Ack(at[1:2]); err != nil {
		t.Fatal(err)
	}
	killed := fsys.afterKill(len(fsys.log), nil)
	wantTexts(t, repeats(t, Options{Dir: root, FS: killed}), "a|", "c|")
}

// What the next process only adopts, and does not read before it is killed too,
// is still what the first one may have delivered.
func TestWhatMayRepeatIsKnownAfterASecondKill(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	for _, text := range []string{"a", "b", "c"} {
		add(t, s, event(text))
	}
	readSome(t, s, 2)
	second := fsys.afterKill(len(fsys.log), nil)
	adopt(t, open(t, Options{Dir: root, FS: second}))
	third := second.afterKill(0, nil)
	for path, file := range second.state { // its log begins with the first one's disk
		third.state[path] = file
	}
	wantTexts(t, repeats(t, Options{Dir: root, FS: third}), "a|", "b|")
}

// A process that ends in order knows what it has not delivered.
func TestAfterAnOrderlyEndOnlyTheDoubtfulMayRepeat(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	for _, text := range []string{"a", "b", "c", "d"} {
		add(t, s, event(text))
	}
	at := readSome(t, s, 4)
	s.Doubt(at[1:2])
	if err := errors.Join(s.Ack(at[:1]), s.Close()); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, repeats(t, Options{Dir: dir}), "b|")
}

func TestDoubtfulRecordsThatAreSavedMayRepeat(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	if n, err := s.AppendDoubtful([][]cwl.Event{record("a", 2), record("b", 1)}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	add(t, s, event("c"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, repeats(t, Options{Dir: dir}), "a.0", "a.1|", "b.0|")
}

// A disk that is full takes no note of what is read. That keeps nobody from
// reading, and is no news.
func TestAFullDiskDoesNotKeepFromReading(t *testing.T) {
	fsys := newCrashFS()
	s := open(t, Options{Dir: root, FS: fsys})
	add(t, s, event("a"))
	fsys.room = 0
	readSome(t, s, 1)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
