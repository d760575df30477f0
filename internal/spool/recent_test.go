package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// countOpens counts the files that are opened to be read.
type countOpens struct {
	FS
	opened atomic.Int64
}

func (c *countOpens) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	if flag == os.O_RDONLY && strings.HasSuffix(name, segmentEnding) {
		c.opened.Add(1)
	}
	return c.FS.OpenFile(name, flag, perm)
}

func TestWhatWasJustWrittenIsNotReadFromTheFile(t *testing.T) {
	fsys := &countOpens{FS: disk{}}
	s := open(t, Options{Dir: t.TempDir(), FS: fsys, Recent: 4 * partBytes, SegmentBytes: 1000})
	var want []string
	for i := range 50 { // several segments, and one of them in parts
		for _, e := range record(fmt.Sprintf("%d%0*d", i, i*10, 0), 1) {
			add(t, s, e)
			want = append(want, string(e.Fragment)+"|")
		}
		if i%3 == 0 {
			if diff := cmp.Diff(want, readAllEvents(t, s).texts); diff != "" {
				t.Fatal(diff)
			}
			want = nil
		}
	}
	if n := fsys.opened.Load(); n > 0 {
		t.Errorf("files were opened %d times", n)
	}
}

func TestWhatMemoryHasNoRoomForIsReadFromTheFile(t *testing.T) {
	for _, most := range []int{0, partBytes - 1, partBytes, 3 * partBytes, 100 * partBytes} {
		fsys := &countOpens{FS: disk{}}
		s := open(t, Options{Dir: t.TempDir(), FS: fsys, Recent: most, SegmentBytes: 300 << 10})
		var want []string
		written := 0
		write := func(n int) {
			for range n {
				e := event(fmt.Sprintf("%d%0*d", written, written%7*5000, 0))
				if written++; written%20 == 0 {
					e = event(strings.Repeat("long", partBytes/3)) // more than a part
				}
				add(t, s, e)
				want = append(want, string(e.Fragment))
			}
		}
		var got []string
		for turn := range 20 {
			write(turn)
			if _, err := s.Read(100_000, func(e *cwl.Event, _ Position, _ Mark) bool {
				got = append(got, string(e.Fragment))
				return true
			}); err != nil {
				t.Fatal(err)
			}
			if s.recent.bytes > most {
				t.Fatalf("%d bytes in memory, at most %d are allowed", s.recent.bytes, most)
			}
		}
		for _, text := range readAllEvents(t, s).texts {
			got = append(got, strings.TrimSuffix(text, "|"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("with %d bytes: %s", most, diff)
		}
		if s.Read(1, nil); s.recent.bytes > 0 || len(s.recent.parts) > 0 {
			t.Errorf("with %d bytes: %d stay in memory when all is read", most, s.recent.bytes)
		}
		if fsys.opened.Load() == 0 && most < 100*partBytes {
			t.Errorf("with %d bytes: no file was read", most)
		}
	}
}

// The memory of a record of which a part was read is not used again.
func TestHalfReadRecordStaysWhole(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Recent: partBytes, SegmentBytes: 100})
	var got []string
	one := func(e *cwl.Event, _ Position, _ Mark) bool {
		got = append(got, string(e.Fragment))
		return false
	}
	read := func() {
		t.Helper()
		if _, err := s.Read(1000, one); err != nil {
			t.Fatal(err)
		}
	}
	add(t, s, record("a", 3)...)
	read()
	add(t, s, event(strings.Repeat("b", 90))) // the first segment ends before it
	for range 3 {
		read()
	}
	want := []string{"a.0", "a.1", "a.2", strings.Repeat("b", 90)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadKeepsOrderBesideManyWhoAppend(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Recent: 2 * partBytes, SegmentBytes: 100 << 10})
	const callers, each = 8, 400
	var all sync.WaitGroup
	for w := range callers {
		all.Go(func() {
			for n := range each {
				if err := s.Append([]cwl.Event{event(fmt.Sprintf("%d %d %s", w, n, strings.Repeat("x", 300)))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	next := make([]int, callers)
	for total := 0; total < callers*each; {
		var at []Position
		n, err := s.Read(30_000, func(e *cwl.Event, p Position, _ Mark) bool {
			var w, n int
			fmt.Sscan(string(e.Fragment), &w, &n)
			if n != next[w] {
				t.Errorf("caller %d: event %d comes, %d is due", w, n, next[w])
			}
			next[w] = n + 1
			at = append(at, p)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		if total += n; n == 0 {
			<-s.Wake()
		}
		if err := s.Ack(at); err != nil {
			t.Fatal(err)
		}
	}
	all.Wait()
	if b := s.Backlog(); b.Events != 0 || b.Unread != 0 {
		t.Errorf("left: %+v", b)
	}
}

// Memory outlives what happens to the file meanwhile.
func TestDamageBehindTheBackCostsNothingThatIsInMemory(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Recent: partBytes})
	add(t, s, event("a"), event("b"))
	files, err := filepath.Glob(filepath.Join(s.Path(), "*"+segmentEnding))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	f, err := os.OpenFile(files[0], os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("damage"), headerBytes+4); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b|"}, readAllEvents(t, s).texts); diff != "" {
		t.Error(diff)
	}
}

// What was forgotten must not be held by the list that it stood in.
func TestForgottenPartsAreLetGo(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Recent: 4 * partBytes})
	for range 3 {
		add(t, s, event(strings.Repeat("x", partBytes-100)))
	}
	readAllEvents(t, s)
	for i, p := range s.recent.parts[:cap(s.recent.parts)] {
		if p.buf != nil || p.segment != nil {
			t.Errorf("part %d is still held", i)
		}
	}
}

func TestCloseLetsGoOfWhatIsInMemory(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Recent: partBytes})
	add(t, s, event("a"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s.recent.parts != nil {
		t.Errorf("%d parts are held", len(s.recent.parts))
	}
}
