package spool

import (
	"fmt"
	"log/slog"
	"math"
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// open opens a spool that is closed with the test, and fails the test when
// something is reported.
func open(t testing.TB, o Options) *Spool {
	t.Helper()
	if o.Report == nil {
		o.Report = func(err error) { t.Error("reported:", err) }
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// event makes an event whose fragment is the text.
func event(text string) cwl.Event {
	return cwl.Event{Time: 1_700_000_000_000, Level: slog.LevelInfo, Stream: "app", Fragment: []byte(text), Size: len(text)}
}

// record makes a record of n parts.
func record(text string, parts int) []cwl.Event {
	var events []cwl.Event
	for i := range parts {
		events = append(events, event(fmt.Sprintf("%s.%d", text, i)))
	}
	return events
}

func add(t testing.TB, s *Spool, events ...cwl.Event) {
	t.Helper()
	if err := s.Append(events); err != nil {
		t.Fatal(err)
	}
}

// A got is what was read.
type got struct {
	texts []string // with | behind the last of a record
	at    []Position
	own   int // of them were written by AppendOwn
}

func readAllEvents(t testing.TB, s *Spool) got {
	t.Helper()
	var g got
	if _, err := s.Read(math.MaxInt, func(e *cwl.Event, at Position, m Mark) bool {
		text := string(e.Fragment)
		if m.Last() {
			text += "|"
		}
		if m.Own() {
			g.own++
		}
		g.texts = append(g.texts, text)
		g.at = append(g.at, at)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return g
}

func wantTexts(t testing.TB, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events read (-want +got):\n%s", diff)
	}
}

func adopt(t testing.TB, s *Spool) (records int64) {
	t.Helper()
	for {
		n, more, err := s.Adopt()
		records += n
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return records
		}
	}
}

func wantEmpty(t testing.TB, dir string) {
	t.Helper()
	names, err := disk{}.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) > 0 {
		t.Errorf("left in the folder: %q", names)
	}
}

func TestEventsComeBackAsAppended(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	want := []cwl.Event{
		{Time: 1, Level: slog.LevelDebug, Stream: "a", Fragment: []byte("x"), Size: 1},
		{Time: -1 << 60, Level: -100, Stream: "", Fragment: []byte{}, Size: 0},
		{Time: 1 << 60, Level: slog.LevelError, Stream: "größe", Fragment: make([]byte, 300<<10), Size: 1 << 19},
	}
	add(t, s, want...)
	var read []cwl.Event
	if n, err := s.Read(1, func(e *cwl.Event, _ Position, _ Mark) bool {
		c := *e
		c.Fragment = append([]byte{}, e.Fragment...)
		read = append(read, c)
		return true
	}); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if !reflect.DeepEqual(want, read) { // a diff of the long one takes seconds
		t.Error("the events are not the same")
	}
}

func TestOnlyUnsettledEventsComeAgain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	add(t, s, record("a", 1)...)
	add(t, s, record("b", 3)...)
	add(t, s, record("c", 1)...)
	g := readAllEvents(t, s)
	wantTexts(t, g.texts, "a.0|", "b.0", "b.1", "b.2|", "c.0|")
	if err := s.Ack([]Position{g.at[4], g.at[0], g.at[2], g.at[3]}); err != nil {
		t.Fatal(err)
	}
	if got, want := s.Backlog(), (Backlog{Records: 1, Events: 1, Bytes: s.Backlog().Bytes}); got != want {
		t.Errorf("backlog %+v, want %+v", got, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	next := open(t, Options{Dir: dir})
	if n := adopt(t, next); n != 1 {
		t.Errorf("%d records adopted, want 1", n)
	}
	g = readAllEvents(t, next)
	wantTexts(t, g.texts, "b.0|")
	if err := next.Ack(g.at); err != nil {
		t.Fatal(err)
	}
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	wantEmpty(t, dir)
}

func TestReadStopsWhereItIsTold(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir()})
	add(t, s, record("a", 3)...)
	add(t, s, record("b", 1)...)
	var texts []string
	for range 4 {
		n, err := s.Read(1<<20, func(e *cwl.Event, _ Position, m Mark) bool {
			texts = append(texts, fmt.Sprint(string(e.Fragment), m.Last()))
			return false
		})
		if n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	wantTexts(t, texts, "a.0false", "a.1false", "a.2true", "b.0true")
	if n, err := s.Read(1, nil); n != 0 || err != nil {
		t.Fatal(n, err)
	}
}

func TestClosedSpoolLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	if _, err := os.Stat(s.Path()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantEmpty(t, dir)
	if err := s.Append([]cwl.Event{event("x")}); err != ErrClosed {
		t.Errorf("Append after Close: %v", err)
	}
}
